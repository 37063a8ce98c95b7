import { FailureError } from '../../domain/outcome';
import { anAzure } from './support/azure';
import { titledCases } from './support/cases';
import type { Case } from './support/case';

interface Ended {
  readonly outcome: unknown;
  /** What was asked of Resource Manager that would change something, whatever its answer. */
  readonly changes: readonly string[];
}

/** Runs an activity with all of its work to do. */
async function endOf(one: Case, readOnly: boolean): Promise<Ended> {
  await using azure = await anAzure(one.world, undefined, { readOnly });
  const outcome = await one.act(azure).catch((error: unknown) => {
    if (error instanceof FailureError) return { ok: false, failure: error.failure };
    throw error;
  });
  const calls = (await azure.calls()).filter(({ target }) => target !== undefined);
  return { outcome, changes: calls.map(({ method, path }) => `${method} ${path}`) };
}

/** The one that changes something in the cluster alone. */
const inTheCluster = 'startDemoPod';

describe('with the kill switch thrown', () => {
  it.each(titledCases)('nothing is changed, and looking goes on: %s', async (name, one) => {
    const on = await endOf(one, false);
    const off = await endOf(one, true);

    const isChange = on.changes.length > 0 || name.startsWith(inTheCluster);
    expect(off.changes).toEqual([]);
    expect(off.outcome).toEqual(isChange ? refused : on.outcome);
  });
});

const refused = {
  ok: false,
  failure: {
    code: 'SwitchedOff',
    message:
      'Steward is switched off by STEWARD_ENABLED: it was about to change something, and did not.',
    next: 'Set STEWARD_ENABLED to true, then ask again: a new run begins with what it finds.',
    target: expect.stringMatching(/^\//) as string,
  },
};
