/**
 * What today's orchestrations do otherwise than recorded, on purpose, without harm to runs in flight. A line here needs
 * its reason beside it.
 */
export interface Additions {
  /** Properties of the input of an activity or a child that are new or may differ, by its name. */
  readonly inputs: Readonly<Record<string, readonly string[]>>;
  /** Activities and children that an orchestration calls after what was its end. */
  readonly lastSteps: Readonly<Record<string, readonly string[]>>;
}

export const noAdditions: Additions = { inputs: {}, lastSteps: {} };

export const additions: Additions = {
  inputs: {
    // Planned and judged anew in each replay, by the rules of today; a run carries out what was stored first.
    storePlan: ['plan', 'findings'],
    // For what NMI was asked: an activity that was called without it does not look.
    planCut: ['asOf'],
  },
  lastSteps: {},
};
