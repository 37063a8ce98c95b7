import type { Hazard } from './hazard';
import { failure } from './hazard';

/** What Azure says of an orchestrator that does more than it may. */
export function actionLimitText(limit: number): string {
  return `Maximum amount of orchestration actions (${limit}) has been reached. This value can be configured in host.json file as MaxOrchestrationActions.`;
}

/** Azure does not carry out a call beyond the limit, and tells nobody. */
export function actionLimitHazard(limit: number): Hazard {
  return failure(
    'TooManyActions',
    `${actionLimitText(limit)} On Azure the orchestration then waits for ever. Spread the work over child orchestrations, or go on with continueAsNew.`,
  );
}
