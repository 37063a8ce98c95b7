// Compiled, never run: `tsc` fails if one of the expected errors disappears.
import type { Wire } from '../../domain/wire';
import { waitForOperation } from '../../orchestrations/wait-for-operation';
import type { Run, Workflow } from '../../orchestrations/workflow';
import { clusterId, controlPlaneId } from '../support/clusters';

const identity = { kind: 'userAssigned', resourceId: controlPlaneId } as const;

export function* activityCallsAreTypedEndToEnd({ activities }: Workflow): Run<string> {
  const cluster = yield* activities.readCluster({ clusterId });
  const operation = yield* activities.switchIdentity({ clusterId, identity });

  // @ts-expect-error: an id from outside must go through toClusterId first
  yield* activities.readCluster({ clusterId: '/subscriptions/1' });
  // @ts-expect-error: `identity` is required
  yield* activities.switchIdentity({ clusterId });
  // @ts-expect-error: a user-assigned identity is named by its resource id
  yield* activities.switchIdentity({ clusterId, identity: { kind: 'userAssigned' } });
  // @ts-expect-error: no such activity
  yield* activities.switchIdentities({ clusterId, identity });
  // @ts-expect-error: what was read is read-only
  cluster.location = 'northeurope';
  // @ts-expect-error: an operation that has succeeded has no title
  const { title } = operation;
  return title as string;
}

export function* childrenAreTypedByTheirOrchestration(workflow: Workflow): Run<boolean> {
  const operation = { status: 'succeeded' } as const;
  const { done } = yield* workflow.child(waitForOperation, { operation, deadline: '' }, 'wait');

  // @ts-expect-error: `deadline` is required
  yield* workflow.child(waitForOperation, { operation }, 'wait');
  // @ts-expect-error: a child has an id of its own
  yield* workflow.child(waitForOperation, { operation, deadline: '' });

  return done;
}

export function reportsAreFromAClosedList({ report }: Workflow): void {
  // @ts-expect-error: people filter by the reason, so it is one of a closed list
  report({ step: 'wait', done: 0, total: 1, wait: { reason: 'tired', text: 'later' } });
}

const asHistoryReturnsIt: Wire<{ at: Date }> = { at: '2026-11-24T09:00:00.000Z' };
export const stringDate: string = asHistoryReturnsIt.at;
