import { at, objectAt, objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import { said } from '../object-parts';
import type { KubeObject, StoredResource } from '../resource-table';
import {
  ageColumn,
  createdColumn,
  member,
  nameColumn,
  number,
  printed,
  selectorColumn,
  since,
  templateColumns,
  text,
} from './columns';
import { pods } from './pods';
import { stored } from './stored';

const countOf =
  (...path: readonly string[]) =>
  (object: KubeObject): number =>
    Object.keys(objectAt(object, ...path)).length;

const dataColumn = text(
  'Data',
  (object) => countOf('data')(object) + countOf('binaryData')(object),
);

/** Everything of the core group but nodes. */
export const coreResources: readonly StoredResource[] = [
  pods,
  stored({
    name: 'namespaces',
    kind: 'Namespace',
    namespaced: false,
    shortNames: ['ns'],
    subresources: ['status', 'finalize'],
    fields: ['status.phase'],
    columns: [nameColumn, member('Status', 'status.phase'), ageColumn],
  }),
  stored({
    name: 'serviceaccounts',
    kind: 'ServiceAccount',
    shortNames: ['sa'],
    subresources: ['token'],
    columns: [
      nameColumn,
      text('Secrets', (object) => objectsAt(object, 'secrets').length),
      ageColumn,
    ],
  }),
  stored({
    name: 'configmaps',
    kind: 'ConfigMap',
    shortNames: ['cm'],
    columns: [nameColumn, dataColumn, ageColumn],
  }),
  stored({
    name: 'secrets',
    kind: 'Secret',
    fields: ['type'],
    columns: [nameColumn, member('Type', 'type'), dataColumn, ageColumn],
  }),
  stored({
    name: 'services',
    kind: 'Service',
    shortNames: ['svc'],
    categories: ['all'],
    subresources: ['status'],
    columns: [
      nameColumn,
      member('Type', 'spec.type'),
      member('Cluster-IP', 'spec.clusterIP'),
      text('External-IP', () => '<none>'),
      text('Port(s)', portsText),
      ageColumn,
      selectorColumn,
    ],
  }),
  stored({
    name: 'resourcequotas',
    kind: 'ResourceQuota',
    shortNames: ['quota'],
    subresources: ['status'],
    columns: [
      nameColumn,
      text('Request', (object) => quotaText(object, false)),
      text('Limit', (object) => quotaText(object, true)),
      ageColumn,
    ],
  }),
  stored({
    name: 'limitranges',
    kind: 'LimitRange',
    shortNames: ['limits'],
    columns: [nameColumn, createdColumn],
  }),
  stored({
    name: 'replicationcontrollers',
    kind: 'ReplicationController',
    shortNames: ['rc'],
    categories: ['all'],
    subresources: ['status', 'scale'],
    columns: [
      nameColumn,
      number('Desired', 'spec', 'replicas'),
      number('Current', 'status', 'replicas'),
      number('Ready', 'status', 'readyReplicas'),
      ageColumn,
      ...templateColumns,
      selectorColumn,
    ],
  }),
  stored({
    name: 'events',
    kind: 'Event',
    shortNames: ['ev'],
    fields: [
      'type',
      'reason',
      'source',
      ...['kind', 'name', 'namespace', 'uid', 'apiVersion', 'fieldPath', 'resourceVersion'].map(
        (name) => `involvedObject.${name}`,
      ),
    ],
    columns: [
      text('Last Seen', (event, now) => since(lastSeen(event), now)),
      member('Type', 'type'),
      member('Reason', 'reason'),
      text('Object', eventSubject),
      member('Message', 'message'),
    ],
  }),
];

function portsText(service: KubeObject): string {
  const ports = objectsAt(service, 'spec', 'ports');
  return ports.map(({ port, protocol }) => `${printed(port)}/${printed(protocol)}`).join(',');
}

function quotaText(quota: KubeObject, limits: boolean): string {
  return Object.entries(objectAt(quota, 'spec', 'hard'))
    .filter(([name]) => name.startsWith('limits.') === limits)
    .map(([name, hard]) => `${name}: ${said(at(quota, 'status', 'used', name) ?? 0)}/${said(hard)}`)
    .join(', ');
}

function lastSeen(event: JsonObject): string | undefined {
  return textAt(event, 'lastTimestamp') ?? textAt(event, 'eventTime');
}

function eventSubject(event: KubeObject): string {
  const kind = textAt(event, 'involvedObject', 'kind') ?? '';
  return `${kind.toLowerCase()}/${textAt(event, 'involvedObject', 'name') ?? ''}`;
}
