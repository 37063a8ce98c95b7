import { at, objectAt, textAt } from '../../json';
import { said } from '../object-parts';
import type { KubeObject, StoredResource } from '../resource-table';
import {
  ageColumn,
  member,
  nameColumn,
  number,
  pairs,
  selectorColumn,
  since,
  templateColumns,
  text,
} from './columns';
import { stored } from './stored';

const readyOfAll = text(
  'Ready',
  (object) => `${count(object, 'status', 'readyReplicas')}/${count(object, 'spec', 'replicas')}`,
);

export const appsResources: readonly StoredResource[] = [
  stored({
    name: 'deployments',
    kind: 'Deployment',
    shortNames: ['deploy'],
    categories: ['all'],
    subresources: ['status', 'scale'],
    columns: [
      nameColumn,
      readyOfAll,
      number('Up-to-date', 'status', 'updatedReplicas'),
      number('Available', 'status', 'availableReplicas'),
      ageColumn,
      ...templateColumns,
      selectorColumn,
    ],
  }),
  stored({
    name: 'statefulsets',
    kind: 'StatefulSet',
    shortNames: ['sts'],
    categories: ['all'],
    subresources: ['status', 'scale'],
    columns: [nameColumn, readyOfAll, ageColumn, ...templateColumns],
  }),
  stored({
    name: 'daemonsets',
    kind: 'DaemonSet',
    shortNames: ['ds'],
    categories: ['all'],
    subresources: ['status'],
    columns: [
      nameColumn,
      number('Desired', 'status', 'desiredNumberScheduled'),
      number('Current', 'status', 'currentNumberScheduled'),
      number('Ready', 'status', 'numberReady'),
      number('Up-to-date', 'status', 'updatedNumberScheduled'),
      number('Available', 'status', 'numberAvailable'),
      text('Node Selector', (object) =>
        pairs(objectAt(object, 'spec', 'template', 'spec', 'nodeSelector')),
      ),
      ageColumn,
      ...templateColumns,
      selectorColumn,
    ],
  }),
  stored({
    name: 'replicasets',
    kind: 'ReplicaSet',
    shortNames: ['rs'],
    categories: ['all'],
    subresources: ['status', 'scale'],
    fields: ['status.replicas'],
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
  stored({ name: 'controllerrevisions', kind: 'ControllerRevision' }),
];

export const batchResources: readonly StoredResource[] = [
  stored({
    name: 'jobs',
    kind: 'Job',
    categories: ['all'],
    subresources: ['status'],
    fields: ['status.successful'],
    columns: [
      nameColumn,
      text('Status', jobStatus),
      text('Completions', (job) => {
        return `${count(job, 'status', 'succeeded')}/${said(at(job, 'spec', 'completions') ?? 1)}`;
      }),
      text('Duration', jobDuration),
      ageColumn,
      ...templateColumns,
      selectorColumn,
    ],
  }),
  stored({
    name: 'cronjobs',
    kind: 'CronJob',
    shortNames: ['cj'],
    categories: ['all'],
    subresources: ['status'],
    columns: [
      nameColumn,
      member('Schedule', 'spec.schedule'),
      member('Timezone', 'spec.timeZone'),
      text('Suspend', (object) => (at(object, 'spec', 'suspend') === true ? 'True' : 'False')),
      text(
        'Active',
        (object) => (at(object, 'status', 'active') as unknown[] | undefined)?.length ?? 0,
      ),
      text('Last Schedule', (object, now) => {
        const last = textAt(object, 'status', 'lastScheduleTime');
        return last === undefined ? '<none>' : since(last, now);
      }),
      ageColumn,
      ...templateColumns,
      text('Selector', () => '<none>', 1),
    ],
  }),
];

function count(object: KubeObject, ...path: readonly string[]): number {
  return Number(at(object, ...path) ?? 0);
}

function jobStatus(job: KubeObject): string {
  const conditions = (at(job, 'status', 'conditions') ?? []) as readonly KubeObject[];
  const met = conditions.filter((one) => one['status'] === 'True').map((one) => one['type']);
  return ['Complete', 'Failed', 'Suspended'].find((type) => met.includes(type)) ?? 'Running';
}

function jobDuration(job: KubeObject, now: number): string {
  const start = textAt(job, 'status', 'startTime');
  if (start === undefined) return '';
  const end = textAt(job, 'status', 'completionTime');
  return since(start, end === undefined ? now : Date.parse(end));
}
