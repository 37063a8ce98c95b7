import { anAzure } from './support/azure';
import { cases } from './support/cases';
import type { Case } from './support/case';

const changes: readonly (readonly [string, Case, string])[] = [
  ...changing('createIdentity', 'PUT userAssignedIdentities/write'),
  ...changing('assignRole', 'PUT roleAssignments/write'),
  ...changing('switchIdentity', 'PUT managedClusters/write'),
  ...changing('disablePodIdentity', 'PUT managedClusters/write'),
  ...changing('writePodIdentity', 'PUT managedClusters/write'),
  ...changing(
    'startNodeImageRoll',
    'POST managedClusters/agentPools/upgradeNodeImageVersion/action',
  ),
  ...changing('requestFeature', 'POST features/register/action'),
  ...changing('withdrawFeature', 'POST features/unregister/action'),
  ...changing('registerProvider', 'POST register/action'),
];

describe.each(changes)('%s', (_name, change, write) => {
  it('writes once, however often it is called', async () => {
    await using azure = await anAzure(change.world);

    const outcomes = [await change.act(azure), await change.act(azure), await change.act(azure)];

    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(await azure.writes()).toEqual([write]);
  });

  it('writes nothing more when the answer to its write was lost', async () => {
    await using azure = await anAzure(change.world);
    await azure.fail({ match: matching(write), reset: 'after' });

    const lost = change.act(azure);

    await expect(lost).rejects.toMatchObject({ name: 'TransientError' });
    expect((await change.act(azure)).ok).toBe(true);
    expect(await azure.writes()).toEqual([write]);
  });

  it('writes after all when its write never arrived', async () => {
    await using azure = await anAzure(change.world);
    await azure.fail({ match: matching(write), reset: 'before' });

    const lost = change.act(azure);

    await expect(lost).rejects.toMatchObject({ name: 'TransientError' });
    expect((await change.act(azure)).ok).toBe(true);
    expect(await azure.writes()).toEqual([write]);
  });

  it('does nothing more long after it was done', async () => {
    await using azure = await anAzure(change.world);
    await azure.behave({ alreadyCurrent: 'reimage' });

    await change.act(azure);
    azure.advanceMinutes(60);
    const again = await change.act(azure);

    expect(again.ok).toBe(true);
    expect(await azure.writes()).toEqual(repeatable(write) ? [write, write] : [write]);
  });
});

/** A provider is registered anew on purpose: that is how a changed flag takes effect. */
function repeatable(write: string): boolean {
  return write === 'POST register/action';
}

function changing(
  name: keyof typeof cases,
  write: string,
): readonly (readonly [string, Case, string])[] {
  return cases[name].map((one) => [`${name}: ${one.what}`, one, write] as const);
}

function matching(write: string) {
  const [method = '', operation = ''] = write.split(' ');
  return { method, operation };
}
