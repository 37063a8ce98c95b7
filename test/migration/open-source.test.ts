import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { toClusterId } from '../../domain/ids';
import { objectAt, textAt } from '../../simulator/json';
import type { JsonObject } from '../../simulator/json';
import type { Disturbance } from './support/real-engine';
import { everything, migrating } from './support/migration';
import type { Migrating } from './support/migration';
import { lost } from './support/observed';
import { installedByHand } from './support/open-source';

function fail(): never {
  throw new Error('The scenario has no cluster.');
}

describe('an open-source installation that nothing else keeps', () => {
  const folder = join(__dirname, '../data/pod-identity');
  const oss = (
    JSON.parse(readFileSync(join(folder, '04-oss-standard-cross-namespace.json'), 'utf8')) as {
      given: JsonObject;
    }
  ).given;
  const [ossId = ''] = Object.keys(objectAt(oss, 'kubernetes'));

  const kindsIn = async (steward: Migrating): Promise<ReadonlySet<unknown>> =>
    new Set((await steward.objects(ossId)).map(({ kind }) => kind));
  const installed = async (steward: Migrating): Promise<readonly (string | undefined)[]> =>
    (await steward.objects(ossId))
      .filter((one) => ['DaemonSet', 'Deployment'].includes(textAt(one, 'kind') ?? ''))
      .map((one) => textAt(one, 'metadata', 'name'))
      .filter((name) => /^(aad-pod-identity-)?(mic|nmi)$/.test(name ?? ''));

  it('is taken out in the order in which nothing is left behind, and comes back', async () => {
    await using steward = await migrating(installedByHand(oss));
    await steward.plan([ossId], { probeImage: 'registry.contoso.example/steward-probe:1' });
    const before = await installed(steward);

    const end = await steward.apply();

    expect({ end, failures: await steward.failures() }).toEqual({ end: 'succeeded', failures: [] });
    expect(await installed(steward)).toEqual([]);
    const kinds = await kindsIn(steward);
    const leftovers = ['AzureIdentity', 'AzureIdentityBinding', 'AzureAssignedIdentity'];
    expect(leftovers.filter((kind) => kinds.has(kind))).toEqual([]);
    expect(await lost(steward)).toEqual([]);

    expect(await steward.rollBack()).toBe('rolled-back');
    steward.pass(10);
    expect([...(await installed(steward))].sort()).toEqual([...before].sort());
    expect((await kindsIn(steward)).has('AzureIdentityBinding')).toBe(true);
    expect(await lost(steward)).toEqual([]);
  }, 60_000);

  it('has the pools re-imaged on whose nodes NMI was killed', async () => {
    await using steward = await migrating(installedByHand(oss));
    await steward.plan([ossId], { probeImage: 'registry.contoso.example/steward-probe:1' });
    const kube = await steward.clients.kubernetes(toClusterId(ossId) ?? fail());
    const world = async () => JSON.stringify(await steward.control('GET', 'world'));
    const imaged = async () => /"nodeImageVersion":"([^"]+)"/.exec(await world())?.[1];
    const before = await imaged();
    let stale = false;
    const killer: Disturbance = {
      after: async ({ name }) => {
        if (name !== 'uninstallPart' || stale) return;
        for (const pod of (await kube.list('/api/v1/pods')) ?? []) {
          const [namespace = '', own = '', uid = ''] = ['namespace', 'name', 'uid'].map((member) =>
            textAt(pod as JsonObject, 'metadata', member),
          );
          if (!/^(aad-pod-identity-)?nmi-/.test(own)) continue;
          const path = `/api/v1/namespaces/${namespace}/pods/${own}`;
          await kube.remove(path, { uid, graceSeconds: 0 });
        }
        stale = (await world()).includes('staleRedirect');
      },
    };

    const end = await steward.apply(everything, killer);

    expect({ end, stale }).toEqual({ end: 'succeeded', stale: true });
    expect(await world()).not.toContain('staleRedirect');
    expect(await imaged()).not.toBe(before);
    expect(await lost(steward)).toEqual([]);
  }, 60_000);
});
