import { summarize, summaryLines } from '../../cli/summary';
import { operatorPrincipal, stewardPrincipal } from '../../cli/local-runtime';

const failure = { code: 'locked', message: 'A lock is in the way.', next: null };

function aRun(name: string, rest: object) {
  return {
    id: `run_${name}`,
    state: 'succeeded',
    cluster: { id: `c_${name}`, armId: `/clusters/${name}`, name },
    progress: null,
    wait: null,
    plan: null,
    applied: 2,
    failure: null,
    ...rest,
  };
}

const evidence = {
  runs: [
    aRun('a', {}),
    aRun('b', { applied: 0 }),
    aRun('c', { state: 'failed', failure, applied: 1 }),
  ],
  clusters: ['a', 'b', 'c'].map((name) => ({
    id: `c_${name}`,
    armId: '',
    name,
    status: name === 'b' ? 'drift' : 'ok',
    findings: [],
    evaluatedAt: '',
    cause: '',
  })),
  calls: [
    {
      principal: stewardPrincipal,
      provider: 'Microsoft.ContainerService',
      operation: '',
      method: 'GET',
      status: 200,
      count: 5,
    },
    {
      principal: stewardPrincipal,
      provider: 'Microsoft.ContainerService',
      operation: '',
      method: 'PUT',
      status: 200,
      count: 2,
    },
    {
      principal: stewardPrincipal,
      provider: 'Microsoft.ResourceGraph',
      operation: '',
      method: 'POST',
      status: 200,
      count: 3,
    },
    {
      principal: operatorPrincipal,
      provider: 'Microsoft.ContainerService',
      operation: '',
      method: 'PUT',
      status: 200,
      count: 9,
    },
  ],
  wallMs: 12_345,
  simulatedMs: 4_500_000,
};

describe('the summary', () => {
  it('counts a cluster as in order only when its run succeeded and nothing was found since', () => {
    expect(summarize(evidence)).toEqual({
      clusters: 3,
      inOrder: 1,
      changed: 2,
      failed: [{ cluster: '/clusters/c', code: 'locked', reason: 'A lock is in the way.' }],
      armCalls: 10,
      armWrites: 2,
      wallSeconds: 12.3,
      simulatedSeconds: 4500,
    });
  });

  it('names every failed cluster with its reason', () => {
    expect(summaryLines(summarize(evidence))).toEqual([
      '',
      '1 of 3 clusters in order, 2 changed, 1 failed',
      '  ✗ c (locked): A lock is in the way.',
      '10 calls to Azure, 2 of them writes; 12.3 s here, 1 h 15 min in simulated Azure',
    ]);
  });
});
