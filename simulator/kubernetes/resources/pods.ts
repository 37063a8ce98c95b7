import { at, objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeObject } from '../resource-table';
import { ageColumn, member, nameColumn, text } from './columns';
import { stored } from './stored';

export const pods = stored({
  name: 'pods',
  kind: 'Pod',
  shortNames: ['po'],
  categories: ['all'],
  subresources: ['status', 'log', 'eviction', 'proxy'],
  fields: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  columns: [
    nameColumn,
    text('Ready', readyText),
    text('Status', podStatus),
    text('Restarts', restarts),
    ageColumn,
    member('IP', 'status.podIP', 1),
    member('Node', 'spec.nodeName', 1),
    member('Nominated Node', 'status.nominatedNodeName', 1),
    text('Readiness Gates', () => '<none>', 1),
  ],
});

function readyText(pod: KubeObject): string {
  const statuses = objectsAt(pod, 'status', 'containerStatuses');
  const ready = statuses.filter((one) => one['ready'] === true).length;
  return `${ready}/${objectsAt(pod, 'spec', 'containers').length}`;
}

/** What kubectl prints as the status: the reason of whatever keeps the pod from running, else its phase. */
function podStatus(pod: KubeObject): string {
  if (at(pod, 'metadata', 'deletionTimestamp') !== undefined) return 'Terminating';
  const own = textAt(pod, 'status', 'reason') ?? textAt(pod, 'status', 'phase') ?? 'Unknown';
  const statuses = ['initContainerStatuses', 'containerStatuses'].flatMap((name) =>
    objectsAt(pod, 'status', name),
  );
  return statuses.map(reasonOf).find((reason) => reason !== undefined) ?? own;
}

function reasonOf(status: JsonObject): string | undefined {
  const reason =
    textAt(status, 'state', 'waiting', 'reason') ?? textAt(status, 'state', 'terminated', 'reason');
  return reason === 'PodInitializing' || reason === 'Completed' ? undefined : reason;
}

function restarts(pod: KubeObject): string {
  const counts = objectsAt(pod, 'status', 'containerStatuses').map(({ restartCount }) =>
    Number(restartCount ?? 0),
  );
  return String(counts.reduce((sum, count) => sum + count, 0));
}
