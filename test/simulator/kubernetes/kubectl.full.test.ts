import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fleet25 from '../../data/scenarios/fleet-25.json';
import { objectsAt, textAt } from '../../../simulator/json';
import { drive } from '../support/running';
import type { Driven } from '../support/running';
import { clustersOf } from '../support/world';
import { kubeconfigOf } from './a-cluster';
import { describeWithKubectl, kubectlWith } from './kubectl';
import type { Kubectl } from './kubectl';

// Their kubeconfig has a certificate and a token of the cluster's own.
const withLocalAccounts = { ...fleet25, fleet: { ...fleet25.fleet, localAccounts: 1 } };

jest.setTimeout(60_000);

describeWithKubectl('kubectl, with the kubeconfig that ARM gives', () => {
  let azure: Driven;
  let kubectl: Kubectl;
  let folder: string;
  let id: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'steward-kubectl-'));
    azure = await drive({ scenario: withLocalAccounts });
    const running = await clustersOf(
      azure,
      (one) => textAt(one, 'properties', 'powerState', 'code') === 'Running',
    );
    id = running[0]?.id ?? '';
    const file = join(folder, 'config');
    writeFileSync(file, await kubeconfigOf(azure, id), { mode: 0o600 });
    kubectl = kubectlWith(file);
  });
  afterEach(async () => {
    await azure[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  const names = async () => (await kubectl('get', 'nodes', '-o', 'name')).trim().split('\n').sort();

  it('finds the server and its nodes, as a table and as objects', async () => {
    const { body } = await azure.arm('GET', `${id}/agentPools?api-version=2026-06-01`);
    const count = objectsAt(body, 'value').reduce(
      (sum, { properties }) => sum + (properties as { count: number }).count,
      0,
    );

    const version = JSON.parse(await kubectl('version', '-o', 'json')) as object;
    const table = (await kubectl('get', 'nodes', '-o', 'wide')).trim().split('\n');

    expect(version).toMatchObject({ serverVersion: { major: '1' } });
    expect(table[0]).toMatch(/^NAME +STATUS +ROLES +AGE +VERSION +INTERNAL-IP/);
    expect(table).toHaveLength(count + 1);
    expect(await names()).toHaveLength(count);
  });

  it('selects, cordons, labels and patches nodes', async () => {
    const system = await kubectl('get', 'nodes', '-l', 'agentpool=system', '-o', 'name');
    const [node = ''] = system.trim().split('\n');

    await kubectl('cordon', node);
    const cordoned = await kubectl('get', node);
    await kubectl('uncordon', node);
    await kubectl('label', node, 'team=platform');
    await kubectl('patch', node, '--type', 'merge', '-p', '{"metadata":{"annotations":{"a":"b"}}}');
    const labelled = await kubectl('get', 'nodes', '-l', 'team=platform', '-o', 'name');
    const annotation = await kubectl('get', node, '-o', 'jsonpath={.metadata.annotations.a}');

    expect(cordoned).toContain('SchedulingDisabled');
    expect(labelled.trim()).toBe(node);
    expect(annotation).toBe('b');
  });

  it('is told what is not there, and what it may not do', async () => {
    const [node = ''] = await names();

    await expect(kubectl('get', 'node', 'none')).rejects.toThrow(/nodes "none" not found/);
    await expect(kubectl('get', 'gizmos')).rejects.toThrow(/doesn't have a resource type "gizmos"/);
    await azure.control('PATCH', 'behaviour', { kubernetes: { forbidden: ['masterclient'] } });
    await expect(kubectl('cordon', node)).rejects.toThrow(/[Ff]orbidden/);
  });

  it('sees a roll change the nodes one by one', async () => {
    const images = async () => {
      const path = '{.items[*].metadata.labels.kubernetes\\.azure\\.com/node-image-version}';
      const found = await kubectl(
        'get',
        'nodes',
        '-l',
        'agentpool=system',
        '-o',
        `jsonpath=${path}`,
      );
      return new Set(found.split(' '));
    };
    const before = await images();
    await azure.control('PATCH', 'behaviour', { alreadyCurrent: 'reimage' });
    const bootIds = () =>
      kubectl('get', 'nodes', '-o', 'jsonpath={.items[*].status.nodeInfo.bootID}');
    const booted = await bootIds();
    await azure.arm(
      'POST',
      `${id}/agentPools/system/upgradeNodeImageVersion?api-version=2026-06-01`,
    );
    azure.advanceMinutes(120);

    const after = await images();

    expect(before.size).toBe(1);
    expect(after.size).toBe(1);
    expect(await bootIds()).not.toBe(booted);
  });
});
