import { judgeCluster } from '../../activities/judge-cluster';
import { clusterKey } from '../../domain/ids';
import { aPolicy, clusterId } from '../support/clusters';
import { anAzure } from './support/azure';
import { anOldWireCluster } from './support/resources';

const asOf = '2026-11-24T08:00:00.000Z';
const request = { clusterId, policy: aPolicy(), afterRun: '', asOf, cause: 'event-1' };

/** What is found about the cluster's secret, given what only its owner knows of it. */
async function found($truth: object, directory: 'granted' | 'denied' = 'granted') {
  await using azure = await anAzure([anOldWireCluster({}, { $truth: { ...$truth } })]);
  await azure.behave({ directory: { read: directory } });
  await azure.value(judgeCluster, request);
  const record = await azure.clients.records.get('cluster', clusterKey(clusterId));
  const { findings = [], unknown = [] } = record?.value ?? {};
  const secret = findings.find(({ rule }) => rule === 'IDN-002');
  return secret ? `${secret.severity}: ${secret.text}` : unknown.includes('IDN-002');
}

describe('what the directory says of a service principal', () => {
  it.each([
    ['2026-11-23T00:00:00Z', /^critical: .*expired/],
    ['2026-11-29T00:00:00Z', /^critical: /],
    ['2026-12-20T00:00:00Z', /^high: /],
  ])('counts for a secret that ends at %s', async (secretEnds, message) => {
    expect(await found({ secretEnds })).toMatch(message);
  });

  it('counts when the principal is gone', async () => {
    expect(await found({ servicePrincipalDeleted: true })).toMatch(/^critical: .* was deleted/);
  });

  it('is not worth a word while the secret is good for long', async () => {
    expect(await found({ secretEnds: '2027-08-01T00:00:00Z' })).toBe(false);
  });

  it('stays unknown where Steward may not read it', async () => {
    expect(await found({ secretEnds: '2026-11-29T00:00:00Z' }, 'denied')).toBe(true);
  });
});
