import { writePodIdentity } from '../../activities/write-pod-identity';
import { anAzure } from '../activities/support/azure';
import { clusterId } from '../support/clusters';
import { documentedCommands } from '../support/documented-commands';
import { aChange, ask, endState, withAddOn } from './on-azure';

const exception = (name: string) => ({ name, namespace: 'ci', podLabels: { app: name } });
const edit = (name: string) => ({
  clusterId,
  edits: [{ edit: 'addException' as const, ...exception(name) }],
});

describe('two edits at once', () => {
  it('are both made, when somebody else writes between reading and writing', async () => {
    await using azure = await anAzure(withAddOn());
    azure.beforeNext('PUT', () =>
      documentedCommands(azure).addException('theirs', 'ci', { app: 'theirs' }),
    );

    const outcome = await ask(azure, aChange('addException', { exceptions: [exception('ours')] }));

    expect(outcome).toMatchObject({ value: { state: 'succeeded' } });
    expect(await endState(azure)).toMatchObject({
      podIdentityProfile: {
        userAssignedIdentityExceptions: [
          { name: 'aks-addon-exception', namespace: 'kube-system' },
          { name: 'theirs' },
          { name: 'ours' },
        ],
      },
    });
  });

  it('of Steward itself never overwrite each other: the second one is repeated', async () => {
    await using azure = await anAzure(withAddOn());

    const first = azure.call(writePodIdentity, edit('one'));
    const second = azure.call(writePodIdentity, edit('two'));
    const outcomes = await Promise.allSettled([first, second]);
    azure.advanceMinutes(10);
    await azure.value(writePodIdentity, edit('one'));
    azure.advanceMinutes(10);
    await azure.value(writePodIdentity, edit('two'));
    azure.advanceMinutes(10);

    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(JSON.stringify(await endState(azure))).toMatch(/"name":"(one|two)".*"name":"(one|two)"/);
  });

  it('leave members alone that Steward does not know', async () => {
    const unknown = { later: { yes: true } };
    await using azure = await anAzure(
      withAddOn({
        userAssignedIdentityExceptions: [{ ...exception('a'), ...unknown }],
        ...unknown,
      }),
    );

    await ask(azure, aChange('addException', { exceptions: [exception('b')] }));

    expect(await endState(azure)).toMatchObject({
      podIdentityProfile: {
        ...unknown,
        userAssignedIdentityExceptions: [{ name: 'aks-addon-exception' }, unknown, { name: 'b' }],
      },
    });
  });
});
