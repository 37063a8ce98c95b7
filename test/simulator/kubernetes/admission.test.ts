import { at, objectsAt, textAt } from '../../../simulator/json';
import { aPod, enter } from './a-migration-cluster';

const pods = '/api/v1/namespaces/default/pods';
const inDefault = (kind: string, name: string, more: object) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'default' },
  ...more,
});
const enforcing = (level: string) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'default', labels: { 'pod-security.kubernetes.io/enforce': level } },
});

describe('a new pod', () => {
  it('gets its account, the token of it and its pull secrets', async () => {
    const account = inDefault('ServiceAccount', 'web', {
      imagePullSecrets: [{ name: 'registry' }],
    });
    await using cluster = await enter({ objects: [account] });
    const { body } = await cluster.send(`POST ${pods}`, aPod('web', { serviceAccountName: 'web' }));
    const [container] = objectsAt(body, 'spec', 'containers');

    expect(at(body, 'spec', 'imagePullSecrets')).toEqual([{ name: 'registry' }]);
    expect(objectsAt(container, 'volumeMounts')).toMatchObject([
      { mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ]);
    expect(at(body, 'status', 'phase')).toBe('Pending');
  });

  it('needs its account', async () => {
    await using cluster = await enter();
    const { status, body } = await cluster.send(
      `POST ${pods}`,
      aPod('web', { serviceAccountName: 'none' }),
    );

    expect(status).toBe(403);
    expect(at(body, 'message')).toBe(
      'pods "web" is forbidden: error looking up service account default/none: serviceaccount "none" not found',
    );
  });

  const container = (securityContext: object, name = 'app') => ({
    name,
    image: 'i',
    securityContext,
  });

  it.each([
    ['privileged', {}, undefined],
    ['baseline', {}, undefined],
    ['baseline', { hostNetwork: true }, 'host namespaces (hostNetwork=true)'],
    [
      'baseline',
      { containers: [container({ privileged: true })] },
      'privileged (container "app" must not set securityContext.privileged=true)',
    ],
    [
      'baseline',
      { initContainers: [container({ capabilities: { add: ['NET_ADMIN'] } }, 'azwi-proxy-init')] },
      'non-default capabilities (container "azwi-proxy-init" must not include "NET_ADMIN" in securityContext.capabilities.add)',
    ],
    [
      'restricted',
      {},
      'allowPrivilegeEscalation != false (container "app" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "app" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "app" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "app" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    ],
    [
      'restricted',
      {
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          container({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }),
        ],
      },
      undefined,
    ],
  ])('keeps to the level %s with %j', async (level, spec, violation) => {
    await using cluster = await enter({ objects: [enforcing(level)] });
    const { status, body } = await cluster.send(`POST ${pods}?dryRun=All`, aPod('web', spec));
    const said = `pods "web" is forbidden: violates PodSecurity "${level}:latest": ${violation ?? ''}`;

    expect(status).toBe(violation === undefined ? 201 : 403);
    expect(at(body, 'message')).toBe(violation === undefined ? undefined : said);
  });

  const quota = inDefault('ResourceQuota', 'team', {
    spec: { hard: { 'requests.cpu': '4', 'limits.memory': '8Gi' } },
  });
  const limits = inDefault('LimitRange', 'usual', {
    spec: { limits: [{ type: 'Container', default: { cpu: '1', memory: '1Gi' } }] },
  });

  it('has to say what a quota counts', async () => {
    await using cluster = await enter({ objects: [quota] });
    const { status, body } = await cluster.send(`POST ${pods}`, aPod('web'));

    expect(status).toBe(403);
    expect(at(body, 'message')).toBe(
      'pods "web" is forbidden: failed quota: team: must specify limits.memory for: app; requests.cpu for: app',
    );
  });

  it('gets what a limit range gives by default', async () => {
    await using cluster = await enter({ objects: [quota, limits] });
    const { status, body } = await cluster.send(`POST ${pods}`, aPod('web'));

    expect(status).toBe(201);
    expect(at(objectsAt(body, 'spec', 'containers')[0] ?? null, 'resources')).toEqual({
      limits: { cpu: '1', memory: '1Gi' },
      requests: { cpu: '1', memory: '1Gi' },
    });
  });

  it('is one too many for a quota of pods', async () => {
    const one = inDefault('ResourceQuota', 'few', { spec: { hard: { pods: '1' } } });
    await using cluster = await enter({ objects: [one] });
    await cluster.send(`POST ${pods}`, aPod('first'));
    const { body } = await cluster.send(`POST ${pods}`, aPod('second'));

    expect(textAt(body, 'message')).toContain(
      'exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1',
    );
  });

  it('has an account in a new namespace at once', async () => {
    await using cluster = await enter();
    await cluster.send('POST /api/v1/namespaces', { metadata: { name: 'fresh' } });
    const pod = { ...aPod('web'), metadata: { name: 'web' } };
    const { status } = await cluster.send('POST /api/v1/namespaces/fresh/pods', pod);

    expect(status).toBe(201);
  });

  it('is not made in a namespace that goes', async () => {
    await using cluster = await enter();
    await cluster.send('POST /api/v1/namespaces', { metadata: { name: 'going' } });
    await cluster.send('DELETE /api/v1/namespaces/going');
    const pod = { ...aPod('web'), metadata: { name: 'web' } };
    const { status, body } = await cluster.send('POST /api/v1/namespaces/going/pods', pod);

    expect(status).toBe(403);
    expect(textAt(body, 'message')).toContain('because it is being terminated');
  });
});
