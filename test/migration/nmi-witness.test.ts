import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadSurvey } from '../../activities/survey-store';
import { clusterKey, toClusterId } from '../../domain/ids';
import { tokensByNamespace } from '../../domain/migration/nmi-silence';
import { objectAt, textAt } from '../../simulator/json';
import type { JsonObject } from '../../simulator/json';
import type { Disturbance } from './support/real-engine';
import { everything, migrating, migrationId } from './support/migration';
import type { Migrating } from './support/migration';
import { lost, podIdentities } from './support/observed';

const text = readFileSync(join(__dirname, '../data/pod-identity/01-addon-simple.json'), 'utf8');
const { given } = JSON.parse(text) as { given: JsonObject };
const [clusterId = ''] = Object.keys(objectAt(given, 'kubernetes'));

function fail(): never {
  throw new Error(`${clusterId} is no cluster`);
}

/** Namespaces of whose pods neither Steward nor anybody else gets the log, or reaches a port. */
async function unreachable(steward: Migrating, namespaces: object): Promise<void> {
  await steward.control('PATCH', 'behaviour', {
    kubernetes: { probe: true, unreachable: namespaces },
  });
}

describe('a cluster whose NMI logs cannot be read', () => {
  const still = 'shop/Deployment/orders-api';
  const doubt = /^waiting: Neither log nor metric of \d+ NMI pods shows that its namespace/;

  it('is migrated when the metric of NMI shows that nobody asks any more', async () => {
    await using steward = await migrating(given);
    await steward.plan([clusterId]);
    await unreachable(steward, { logs: ['kube-system'] });

    const end = await steward.apply();

    expect({ end, states: await steward.states() }).toEqual({
      end: 'succeeded',
      states: {
        'shop/CronJob/nightly-report': 'migrated',
        'shop/Deployment/orders-api': 'migrated',
        'shop/Deployment/orders-worker': 'migrated',
      },
    });
    expect(await lost(steward)).toEqual([]);
  }, 60_000);

  it('keeps pod identity when the metric shows that somebody in the namespace asks', async () => {
    await using steward = await migrating(given);
    await steward.plan([clusterId], { authMode: { [still]: 'sdk' }, patienceHours: 1 });
    await unreachable(steward, { logs: ['kube-system'] });

    const end = await steward.apply();

    expect(end).toBe('partial');
    expect((await steward.states())[still]).toMatch(doubt);
    expect(await podIdentities(steward, clusterId)).toEqual(['orders-id', 'reports-id']);
    expect(await lost(steward)).toEqual([]);
  }, 60_000);

  it('keeps pod identity when the metric does not answer, either', async () => {
    await using steward = await migrating(given);
    await steward.plan([clusterId], { patienceHours: 1 });
    await unreachable(steward, { logs: ['kube-system'], ports: ['kube-system'] });

    const end = await steward.apply();

    expect(end).toBe('partial');
    expect((await steward.states())[still]).toMatch(doubt);
    expect(await podIdentities(steward, clusterId)).toEqual(['orders-id', 'reports-id']);
  }, 60_000);
});

describe('a pod of NMI of which nobody knows who asked it', () => {
  it('keeps pod identities that no workload has', async () => {
    await using steward = await migrating(given);
    await steward.plan([clusterId]);
    const { records } = steward.clients;
    const id = `${migrationId}~${clusterKey(toClusterId(clusterId) ?? fail())}`;
    const doubt: Disturbance = {
      after: async ({ name }) => {
        const known = name === 'checkSoak' && (await records.get('nmiHeard', id))?.value;
        if (!known) return;
        const heard = { 'kube-system/nmi-x': { at: known.at, asked: { '*': known.at } } };
        await records.put('nmiHeard', id, { ...known, heard });
      },
    };

    const end = await steward.apply(everything, doubt);

    expect(end).toBe('partial');
    expect(Object.values(await steward.states())).toEqual(['migrated', 'migrated', 'migrated']);
    expect(await podIdentities(steward, clusterId)).toEqual(['orders-id', 'reports-id']);
  }, 60_000);
});

describe('a survey', () => {
  it('has what each NMI pod has counted, so far', async () => {
    await using steward = await migrating(given);
    steward.pass(3);

    await steward.plan([clusterId]);

    const ids = [toClusterId(clusterId) ?? fail()];
    const { kubernetes } = await loadSurvey(steward.clients.records, migrationId, ids);
    const [content] = Object.values(kubernetes);
    const tokens = tokensByNamespace(content?.nmiCounts ?? {});
    expect(Object.keys(tokens)).toEqual(['shop']);
    expect(tokens['shop']).toBeGreaterThan(0);
  }, 60_000);
});

describe('a pod that something makes at run time', () => {
  it('keeps the pod identity that it asked for during the soak, though it is gone', async () => {
    await using steward = await migrating(given);
    await steward.plan([clusterId]);
    const kube = await steward.clients.kubernetes(toClusterId(clusterId) ?? fail());
    const pods = '/api/v1/namespaces/shop/pods';
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'build-1', namespace: 'shop', labels: { aadpodidbinding: 'reports' } },
      spec: { containers: [{ name: 'main', image: 'registry.contoso.example/agent:1' }] },
    };
    const agent: Disturbance = {
      after: async ({ name, nth }) => {
        if (name === 'checkSoak' && nth === 20) await kube.create(pods, pod);
        if (name !== 'checkSoak' || nth !== 22) return;
        const made = (await kube.get(`${pods}/build-1`)) as JsonObject;
        await kube.remove(`${pods}/build-1`, { uid: textAt(made, 'metadata', 'uid') ?? '' });
      },
    };

    const end = await steward.apply(everything, agent);

    expect(end).toBe('partial');
    expect(Object.values(await steward.states())).toEqual(['migrated', 'migrated', 'migrated']);
    expect(await podIdentities(steward, clusterId)).toEqual(['reports-id']);
    expect(await lost(steward)).toEqual([]);
  }, 60_000);
});
