import type { Clients } from '../../clients';
import { registerApp } from '../../functions/app';
import type { Services } from '../../functions/services';
import { root } from '../host/support/build-host';
import { registeredNames } from '../host/durable/support/functions-core';
import { additions } from './histories/additions';
import { differenceOf } from './histories/differences';
import { readRecording, recordings } from './histories/recorded';

jest.mock(
  '@azure/functions-core',
  () => jest.requireActual<object>('../host/durable/support/functions-core'),
  { virtual: true },
);

// Nothing is called: the app is there for what it registers.
registerApp({} as Clients, {} as Services, {
  ...{ auth: 'keys', enabled: true, eventDelivery: 'function' },
  sweepSchedule: '0 0 * * * *',
});

const all = recordings(root);

describe('a history that an earlier build has left', () => {
  it.each(all)('%s goes on as it did, from wherever it was', async (_scene, path) => {
    const differences: string[] = [];
    for (const execution of readRecording(path)) {
      const found = await differenceOf(execution, additions);
      if (found !== undefined) differences.push(found);
    }

    expect(differences).toEqual([]);
  });

  it('is there of every orchestration', () => {
    const executions = all.flatMap(([, path]) => readRecording(path));
    const recorded = new Set(executions.map(({ orchestration }) => orchestration));

    expect([...recorded].sort()).toEqual([...registeredNames('orchestration')].sort());
  });
});
