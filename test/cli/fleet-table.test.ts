import type { RunView } from '../../cli/api';
import { changeLine, fleetTable } from '../../cli/fleet-table';

function aRun(overrides: Partial<RunView> & { readonly name?: string } = {}): RunView {
  const { name = 'aks-pay', ...rest } = overrides;
  return {
    id: `run_${name}`,
    state: 'running',
    cluster: { id: `c_${name}`, armId: `/clusters/${name}`, name },
    progress: { step: 'assignRoles', done: 1, total: 4 },
    wait: null,
    plan: null,
    applied: 1,
    failure: null,
    ...rest,
  };
}

const wide = { width: 200, height: 50 };

describe('the table of the fleet', () => {
  it('shows state, step, progress and what a cluster waits for, by name', () => {
    const wait = { reason: 'rbac-propagation', text: 'Azure takes up to 10 minutes' };

    const lines = fleetTable([aRun({ name: 'aks-b', state: 'waiting', wait }), aRun()], wide);

    expect(lines).toEqual([
      'CLUSTER  STATE        STEP                   PROGRESS    WAITING FOR',
      'aks-b    ◷ waiting    assignRoles            ███░░░░░░░  Azure takes up to 10 minutes',
      'aks-pay  ▸ running    assignRoles            ███░░░░░░░  ',
      '0 of 2 done',
    ]);
  });

  it('says why a cluster failed, and counts it', () => {
    const failure = { code: 'locked', message: 'A lock is in the way.', next: 'Remove it.' };

    const lines = fleetTable([aRun({ state: 'failed', failure })], wide);

    expect(lines[1]).toContain('✗ failed');
    expect(lines[1]).toContain('locked: A lock is in the way.');
    expect(lines.at(-1)).toBe('1 of 1 done, 1 failed');
  });

  it('keeps what is going on in sight when there is no room for all', () => {
    const ended = Array.from({ length: 8 }, (_, i) => aRun({ name: `a${i}`, state: 'succeeded' }));

    const lines = fleetTable([...ended, aRun({ name: 'busy' })], { width: 60, height: 5 });

    expect(lines).toHaveLength(5);
    expect(lines[1]).toMatch(/^busy/);
    expect(lines.at(-1)).toBe('8 of 9 done');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  });
});

describe('a line about a run', () => {
  it('is written only when something changed', () => {
    expect(changeLine(undefined, aRun())).toBe('aks-pay: assignRoles (2/4)');
    expect(changeLine(aRun(), aRun())).toBeUndefined();
    expect(changeLine(aRun(), aRun({ state: 'succeeded', applied: 4, progress: null }))).toBe(
      'aks-pay: in order, 4 steps done',
    );
  });

  it('gives the cause and the next step of a failure', () => {
    const failure = { code: 'locked', message: 'A lock is in the way.', next: 'Remove it.' };

    expect(changeLine(aRun(), aRun({ state: 'failed', failure }))).toBe(
      'aks-pay: failed (locked): A lock is in the way. Remove it.',
    );
  });
});
