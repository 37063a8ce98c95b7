import { differences } from './support/differences';

const expected = {
  status: 'ready',
  codes: ['A', 'B'],
  steps: ['one', 'two'],
  workloads: [{ kind: 'Pod', name: 'a', comment: 'x', templatePatch: { labels: {} } }],
};
const right = {
  ...expected,
  codes: ['B', 'A', 'B'],
  more: 1,
  workloads: [{ kind: 'Pod', name: 'a', auth: 'none', templatePatch: { labels: {} } }],
};

describe('the comparison of a plan with what it is to be', () => {
  it('lets pass what differs in nothing that is named', () => {
    expect(differences(right, expected)).toEqual([]);
  });

  it.each([
    ['another value', { ...right, status: 'blocked' }],
    ['a code more', { ...right, codes: ['A', 'B', 'C'] }],
    ['a code less', { ...right, codes: ['A'] }],
    ['steps in another order', { ...right, steps: ['two', 'one'] }],
    ['no workload', { ...right, workloads: [] }],
    ['a workload more', { ...right, workloads: [...right.workloads, { kind: 'Pod', name: 'b' }] }],
    ['a workload twice', { ...right, workloads: [...right.workloads, ...right.workloads] }],
    ['another workload', { ...right, workloads: [{ ...right.workloads[0], kind: 'Job' }] }],
    [
      'more in the patch',
      { ...right, workloads: [{ ...right.workloads[0], templatePatch: { labels: {}, extra: 1 } }] },
    ],
    ['no list', { ...right, workloads: undefined }],
  ])('finds %s', (_case, actual) => {
    expect(differences(actual, expected)).not.toEqual([]);
  });

  it('finds anything in a list that is to be empty', () => {
    expect(differences({ workloads: [{ name: 'a' }] }, { workloads: [] })).toHaveLength(1);
  });
});
