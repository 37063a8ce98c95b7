import { noteIdentityChange } from '../../activities/note-identity-change';
import { rememberBefore } from '../../activities/undo-log';
import { clusterKey } from '../../domain/ids';
import { clusterId } from '../support/clusters';
import { anAzure } from './support/azure';
import type { TestAzure } from './support/azure';

const former = {
  kind: 'servicePrincipal',
  objectId: 'old',
  until: '2026-11-24T08:00:00.000Z',
} as const;
const request = { clusterId, resourceUid: 'uid', former };

async function principalsIn({ clients }: TestAzure): Promise<unknown> {
  return (await clients.records.get('identityHistory', clusterKey(clusterId)))?.value.principals;
}

describe('noteIdentityChange', () => {
  it('remembers each principal once, with the last time that it was replaced', async () => {
    await using azure = await anAzure([]);
    const later = { ...former, until: '2026-11-25T08:00:00.000Z' };
    const other = { ...former, objectId: 'other' };

    const answers = [
      await azure.value(noteIdentityChange, request),
      await azure.value(noteIdentityChange, request),
      await azure.value(noteIdentityChange, { ...request, former: other }),
      await azure.value(noteIdentityChange, { ...request, former: later }),
      await azure.value(noteIdentityChange, request),
    ];

    expect(answers.map(({ noted }) => noted)).toEqual([true, false, true, true, false]);
    expect(await principalsIn(azure)).toEqual([other, later]);
  });

  it('forgets the past of a cluster that was made again', async () => {
    await using azure = await anAzure([]);
    await azure.value(noteIdentityChange, request);
    const new_ = { ...former, objectId: 'new' };

    await azure.value(noteIdentityChange, { ...request, resourceUid: 'another', former: new_ });

    expect(await principalsIn(azure)).toEqual([new_]);
  });
});

describe('rememberBefore', () => {
  it('keeps what the first call saw, in the order of the changes', async () => {
    await using azure = await anAzure([]);
    const context = { clients: azure.clients, runId: 'run_1' };
    const entry = (target: string, before: Record<string, unknown> | null) =>
      ({ action: 'switchIdentity', target, before }) as const;

    await rememberBefore(context, entry('/A', { kind: 'systemAssigned' }));
    await rememberBefore(context, entry('/a', { kind: 'userAssigned' }));
    await rememberBefore(context, entry('/b', null));

    expect((await azure.clients.records.get('undo', 'run_1'))?.value.entries).toEqual([
      entry('/A', { kind: 'systemAssigned' }),
      entry('/b', null),
    ]);
  });

  it('writes nothing for what is no part of a run', async () => {
    await using azure = await anAzure([]);

    await rememberBefore(
      { clients: azure.clients, runId: '' },
      { action: 'assignRole', target: '/a', before: null },
    );

    expect((await azure.clients.records.list('undo', { limit: 1 })).items).toEqual([]);
  });
});
