import type { OnboardClusterInput } from '../../orchestrations/onboard-cluster';
import { aPolicy, clusterId, registry } from './clusters';
import type { Recording } from './run-orchestration';

/** What `onboardCluster` is started with: a run of mode apply. */
export function aRun(overrides: Partial<OnboardClusterInput> = {}): OnboardClusterInput {
  return {
    runId: 'run_1',
    clusterId,
    mode: 'apply',
    requestedBy: 'api',
    policy: aPolicy({ roles: { settleMinutes: 10, registries: [registry] } }),
    ownFailure: false,
    ...overrides,
  };
}

/** Input of the first call of an activity. */
export function inputOf({ inputs }: Recording<unknown>, activity: string): unknown {
  return inputs.find((each) => each.activity === activity)?.input;
}

/** What every run begins with that finds its cluster idle. */
export const reads = ['takeSnapshot', 'storePlan'];
/** What every run ends with. */
export const ending = ['judgeCluster', 'concludeRun'];
