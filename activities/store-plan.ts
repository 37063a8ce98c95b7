import { createHash } from 'node:crypto';

import type { ClusterId } from '../domain/ids';
import type { OnboardingPlan } from '../domain/plan/onboarding-plan';
import type { PlanRecord } from '../domain/records';
import type { Finding } from '../domain/rules/judge';
import { sideEffects } from '../domain/plan/steps';
import { defineActivity } from './activity';

export interface StorePlanInput {
  readonly runId: string;
  readonly clusterId: ClusterId;
  readonly armId: string;
  readonly plan: OnboardingPlan;
  readonly findings: readonly Finding[];
  /** Who asked for the plan to be carried out; empty for a report. */
  readonly approvedBy: string;
  /** ISO time of the run. */
  readonly asOf: string;
}

/**
 * Stores the plan of a run with its side effects, and returns the one that is stored: a run executes
 * that one, also when this is called again. Idempotent by the run.
 */
export const storePlan = defineActivity(
  [],
  async (input: StorePlanInput, { clients, note }): Promise<PlanRecord> => {
    const id = input.runId.replace(/^run_/, 'pl_');
    const steps = input.plan.steps.map((step) => ({ ...step, ...sideEffects(step) }));
    const { clusterId, armId, findings, approvedBy, asOf } = input;
    const plan: PlanRecord = {
      id,
      clusterId,
      armId,
      hash: `sha256:${createHash('sha256').update(JSON.stringify(steps)).digest('hex')}`,
      steps,
      blockers: input.plan.blockers,
      findings,
      createdAt: asOf,
      preflight: true,
      ...(approvedBy !== '' && { approval: { by: approvedBy, at: asOf } }),
    };
    note({ 'steward.plan.steps': steps.length, 'steward.plan.blockers': plan.blockers.length });
    if (await clients.records.insert('plan', id, plan)) return plan;
    return (await clients.records.get('plan', id))?.value ?? plan;
  },
);
