import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readJwt } from '../../../simulator/entra/jwt';
import { aDeployment, aPod, enter } from './a-migration-cluster';
import type { Inside } from './a-migration-cluster';
import { describeWithKubectl, kubectlWith } from './kubectl';
import type { Kubectl } from './kubectl';

jest.setTimeout(120_000);

describeWithKubectl('kubectl, with the objects of a cluster', () => {
  let cluster: Inside;
  let kubectl: Kubectl;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'steward-kubectl-'));
    const identity = {
      apiVersion: 'aadpodidentity.k8s.io/v1',
      kind: 'AzureIdentity',
      metadata: { name: 'shop', namespace: 'default' },
      spec: { type: 0, clientID: 'c' },
    };
    const complete = {
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      availableReplicas: 2,
      readyReplicas: 2,
    };
    const done = { ...aDeployment('done'), status: complete };
    cluster = await enter({
      objects: [identity, done, aPod('talks')],
      podLogs: { 'default/talks': 'hello' },
    });
    const file = join(folder, 'config');
    writeFileSync(file, cluster.cluster.kubeconfig, { mode: 0o600 });
    kubectl = kubectlWith(file);
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  const file = (object: object): string => {
    const path = join(folder, 'object.json');
    writeFileSync(path, JSON.stringify(object));
    return path;
  };

  it('prints them, the custom ones too', async () => {
    expect(await kubectl('get', 'deploy', '-o', 'wide')).toMatch(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR\ndone +2\/2 +2 +2 +/,
    );
    expect(await kubectl('get', 'azureidentities')).toMatch(
      /^NAME +TYPE +CLIENTID +AGE\nshop +0 +c +/,
    );
    expect(await kubectl('get', 'all', '-A')).toContain('deployment.apps/done');
    expect(await kubectl('describe', 'deploy', 'done')).toMatch(/Selector: +app=done/);
    expect(await kubectl('get', 'ns')).toMatch(/kube-system +Active/);
  });

  it('applies on the server, and hears of conflicts', async () => {
    const web = file(aDeployment('web', { serviceAccountName: 'default' }));
    await kubectl('create', '-f', web);
    const other = file(aDeployment('web', { serviceAccountName: 'other' }));
    const conflict = kubectl('apply', '--server-side', '-f', other);

    await expect(conflict).rejects.toThrow(
      /conflict with "kubectl-create" using apps\/v1 at [^ ]+: \.spec/,
    );
    expect(await kubectl('apply', '--server-side', '--force-conflicts', '-f', other)).toContain(
      'serverside-applied',
    );
  });

  it('applies by itself, patches, labels, scales and sets', async () => {
    const web = file(aDeployment('web'));
    await kubectl('apply', '-f', web);
    await kubectl('apply', '-f', file(aDeployment('web', { serviceAccountName: 'default' })));
    await kubectl(
      'patch',
      'deploy',
      'web',
      '-p',
      '{"spec":{"template":{"metadata":{"labels":{"q":"r"}}}}}',
    );
    await kubectl('label', 'deploy', 'web', 'x=y');
    await kubectl('scale', 'deploy', 'web', '--replicas=5');
    await kubectl('set', 'image', 'deploy/web', 'app=registry/app:2');
    const printed = await kubectl(
      'get',
      'deploy',
      'web',
      '-o',
      'jsonpath={.spec.replicas} {.metadata.labels.x} {.spec.template.metadata.labels.q} {.spec.template.spec.containers[0].image} {.spec.template.spec.serviceAccountName}',
    );

    expect(printed).toBe('5 y r registry/app:2 default');
  });

  it('waits for rollouts, reads logs and makes tokens', async () => {
    const audience = 'api://AzureADTokenExchange';
    const token = await kubectl(
      'create',
      'token',
      'default',
      '--audience',
      audience,
      '--duration',
      '10m',
    );

    expect(await kubectl('rollout', 'status', 'deploy', 'done', '--timeout=10s')).toContain(
      'successfully rolled out',
    );
    expect(await kubectl('logs', 'talks')).toBe('hello\n');
    expect(readJwt(token.trim())?.claims['aud']).toEqual([audience]);
  });

  it('creates and deletes what it sends in its own form', async () => {
    await kubectl('create', 'ns', 'team');
    await kubectl('create', 'sa', 'robot', '-n', 'team');
    await kubectl('create', 'cm', 'settings', '-n', 'team', '--from-literal=a=b');
    await kubectl('create', 'secret', 'generic', 'hidden', '-n', 'team', '--from-literal=k=v');
    const data = await kubectl('get', 'cm', 'settings', '-n', 'team', '-o', 'jsonpath={.data.a}');
    const hidden = await kubectl(
      'get',
      'secret',
      'hidden',
      '-n',
      'team',
      '-o',
      'jsonpath={.data.k}',
    );
    await kubectl('delete', 'cm', 'settings', '-n', 'team');

    expect([data, hidden]).toEqual(['b', Buffer.from('v').toString('base64')]);
    await expect(kubectl('get', 'cm', 'settings', '-n', 'team')).rejects.toThrow(
      'configmaps "settings" not found',
    );
  });

  it('keeps nothing of what the server only tries', async () => {
    const web = file(aDeployment('web'));
    await kubectl('create', '-f', web, '--dry-run=server');

    await expect(kubectl('get', 'deploy', 'web')).rejects.toThrow(
      'deployments.apps "web" not found',
    );
  });
});
