import { randomBytes } from 'node:crypto';

import { TransientError } from '../../../domain/outcome';
import { over } from './a-command-pod';
import type { PodOptions, Printed } from './a-command-pod';
import type { KubeApi } from '../../../clients/kubernetes/kube-api';

const pods = '/api/v1/pods';
const deployment = '/apis/apps/v1/namespaces/orders/deployments/api';
const object = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'api', note: `it's "quoted" $HOME \`x\` \\ ä` },
};
const json = (value: unknown): Printed => ({ out: JSON.stringify(value) });

describe('a private cluster over runCommand', () => {
  it('is asked as Steward, and says on which way', async () => {
    const { value, called, commands } = await over(
      () => json({ gitVersion: 'v1.33.2' }),
      async (api) => [api.access, await api.get('/version')],
    );

    expect(value).toEqual([{ identity: 'steward', way: 'runCommand' }, { gitVersion: 'v1.33.2' }]);
    expect(called.map(({ args }) => args)).toEqual([['get', '--raw', '/version']]);
    expect(commands.map(({ clusterToken }) => clusterToken)).toEqual(['entra-token']);
  });

  it('without Entra is asked with all rights, and that is said', async () => {
    const { value, commands } = await over(
      { kubectl: () => json({}), properties: { aadProfile: null } },
      async (api) => {
        await api.get('/version');
        return api.access;
      },
    );

    expect(value).toEqual({ identity: 'localAccount', way: 'runCommand' });
    expect(commands[0]?.clusterToken).toBe('');
  });

  it('lists page by page, with less of it when ARM cuts the output off', async () => {
    const size = 300;
    const note = () => randomBytes(2000).toString('base64'); // does not compress
    const kubectl: PodOptions['kubectl'] = ({ args }) => {
      const url = new URL(args.at(-1) ?? '', 'https://cluster');
      const [from, limit] = ['continue', 'limit'].map((name) =>
        Number(url.searchParams.get(name) ?? 0),
      ) as [number, number];
      const items = Array.from({ length: size }, (_one, index) => ({
        metadata: { name: `pod-${index}`, note: note() },
      })).slice(from, from + limit);
      return json({
        kind: 'PodList',
        apiVersion: 'v1',
        metadata: from + limit < size ? { continue: String(from + limit) } : {},
        items,
      });
    };
    const { value, error, called } = await over(kubectl, (api) =>
      api.list(pods, { keep: ({ metadata }) => ({ name: (metadata as { name: string }).name }) }),
    );

    expect(error).toBeUndefined();
    expect(value?.map(({ name }) => name)).toEqual(
      Array.from({ length: size }, (_one, index) => `pod-${index}`),
    );
    expect(called.map(({ args }) => /limit=(\d+)/.exec(args.at(-1) ?? '')?.[1])).toEqual([
      '500',
      '250',
      '125',
      '125',
      '125',
    ]);
  });

  it.each<[string, (api: KubeApi) => Promise<unknown>, readonly string[], unknown]>([
    [
      'create',
      (api) => api.create('/apis/apps/v1/namespaces/orders/deployments', object, { dryRun: true }),
      [
        'create',
        '--raw',
        '/apis/apps/v1/namespaces/orders/deployments?fieldManager=aks-identity-steward&dryRun=All',
        '-f',
        '-',
      ],
      object,
    ],
    [
      'apply',
      (api) => api.apply(deployment, object, { dryRun: true }),
      [
        'apply',
        '--server-side',
        '--force-conflicts=false',
        '--field-manager=aks-identity-steward',
        '--dry-run=server',
        '-o',
        'json',
        '-f',
        '-',
      ],
      object,
    ],
    [
      'remove',
      (api) => api.remove(deployment, { uid: 'u-1' }),
      ['delete', '--raw', deployment, '-f', '-'],
      {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        preconditions: { uid: 'u-1' },
        propagationPolicy: 'Background',
      },
    ],
  ])('carries what it writes, whatever characters it has: %s', async (...[, write, args, body]) => {
    const { called, error } = await over(() => json({}), write);

    expect(error).toBeUndefined();
    expect(called.map((one) => one.args)).toEqual([args]);
    expect(JSON.parse(called[0]?.stdin ?? '')).toEqual(body);
  });

  it.each<[string, (api: KubeApi) => Promise<unknown>, string, unknown]>([
    [
      'json',
      (api) =>
        api.jsonPatch(deployment, [
          { op: 'test', path: '/metadata/note', value: object.metadata.note },
        ]),
      'deployments.v1.apps',
      [{ op: 'test', path: '/metadata/note', value: object.metadata.note }],
    ],
    [
      'merge',
      (api) => api.mergePatch('/api/v1/namespaces/orders/serviceaccounts/api', object),
      'serviceaccounts',
      object,
    ],
  ])(
    'carries patches, whatever characters they have: %s',
    async (...[type, write, resource, body]) => {
      const { called, error } = await over(() => json({}), write);
      const { args = [] } = called[0] ?? {};

      expect(error).toBeUndefined();
      expect(args.slice(0, 6)).toEqual([
        'patch',
        resource,
        'api',
        '-n',
        'orders',
        `--type=${type}`,
      ]);
      expect(JSON.parse(args[7] ?? '')).toEqual(body);
      expect(args.slice(8)).toEqual(['--field-manager=aks-identity-steward', '-o', 'json']);
    },
  );

  it('lets no path run as a command', async () => {
    const { called, error } = await over(
      () => json({}),
      (api) => api.get(`/api/v1/namespaces/x/configmaps/a'$(touch\u0024IFS/tmp/x)'?b=';id;'`),
    );

    expect(error).toBeUndefined();
    expect(called.map(({ args }) => args.length)).toEqual([3]);
    expect(called[0]?.args[2]).toContain("';id;'");
  });

  it.each([
    [
      'Error from server (Forbidden): pods is forbidden: User "u" cannot list resource "pods" in API group "" at the cluster scope',
      { reason: 'Forbidden' },
    ],
    [
      'error: Apply failed with 1 conflict: conflict with "helm" using apps/v1: .spec.replicas\nPlease review the fields above--they currently have other managers.',
      { reason: 'FieldManagerConflict', managers: ['helm'] },
    ],
    [
      'error: Apply failed with 2 conflicts: conflicts with "helm" using apps/v1:\n- .spec.replicas\nconflicts with "argocd-controller":\n- .spec.paused',
      { reason: 'FieldManagerConflict', managers: ['helm', 'argocd-controller'] },
    ],
    [
      'The request is invalid: the server rejected our request due to an error in our request',
      { reason: 'ChangedMeanwhile' },
    ],
    [
      'The Deployment "api" is invalid: spec.replicas: Invalid value: -1: must be greater',
      { reason: 'Invalid' },
    ],
    [
      'error: Operation cannot be fulfilled on deployments.apps "api": the object has been modified; please apply your changes to the latest version and try again\nPlease review the fields above--they currently have other managers.',
      { reason: 'ChangedMeanwhile' },
    ],
    [
      'error: resource mapping not found for name: "a" namespace: "" from "STDIN": no matches for kind "A" in version "x/v1"\nensure CRDs are installed first',
      { reason: 'NotFound' },
    ],
    ['Error from server (AlreadyExists): object "api" already exists', { reason: 'AlreadyExists' }],
    [
      'Error from server (BadRequest): admission webhook "w" does not support dry run',
      { reason: 'DryRunUnsupported' },
    ],
    ['error: You must be logged in to the server (Unauthorized)', { reason: 'Unauthenticated' }],
    ['error: the server doesn\'t have a resource type "deployments"', { reason: 'NotFound' }],
  ])('is refused in the words of kubectl: %s', async (err, expected) => {
    const isPatch = err.includes('is invalid');
    const { error } = await over(
      () => ({ err: `${err}\n`, code: 1 }),
      (api) =>
        err.includes('Deployment "api" is invalid')
          ? api.mergePatch(deployment, {})
          : isPatch
            ? api.jsonPatch(deployment, [])
            : api.apply(deployment, object),
    );

    expect(error).toMatchObject(expected);
  });

  it.each([
    ['one field', 'The Deployment "api" is invalid: spec.replicas: Invalid value: -1', 'Invalid'],
    [
      'two fields',
      'The Deployment "api" is invalid: \n* spec.replicas: Invalid value: -1\n* spec.paused: Required value',
      'Invalid',
    ],
    ['no field', 'The Deployment "api" is invalid', 'ChangedMeanwhile'],
  ])('tells a patch that makes %s wrong from one that does not hold', async (...row) => {
    const [, err, reason] = row;
    const { error } = await over(
      () => ({ err: `${err}\n`, code: 1 }),
      (api) => api.jsonPatch(deployment, []),
    );

    expect(error).toMatchObject({ reason });
  });

  it.each([
    [
      'a broken connection',
      { err: 'Unable to connect to the server: dial tcp: i/o timeout\n', code: 1 },
    ],
    [
      'a connection that broke in the middle',
      { out: '{"items":[', err: 'error: unexpected EOF\n', code: 1 },
    ],
    ['a busy server', { err: 'Error from server (TooManyRequests): slow\n', code: 1 }],
    ['half an answer that nobody complains about', { out: '{"items":[' }],
  ])('is worth another try after %s', async (_what, printed) => {
    const { error } = await over(
      () => printed,
      (api) => api.list(pods),
    );

    expect(error).toBeInstanceOf(TransientError);
  });

  it('tells what does not exist from what there is none of', async () => {
    const absent =
      'Error from server (NotFound): the server could not find the requested resource\n';
    const { value } = await over(
      () => ({ err: absent, code: 1 }),
      async (api) => [await api.list(pods), await api.get(pods)],
    );
    const none = await over(
      () => json({ kind: 'PodList', items: [] }),
      (api) => api.list(pods),
    );

    expect([value, none.value]).toEqual([[undefined, undefined], []]);
  });

  it('reads logs, empty ones too', async () => {
    const { value } = await over(
      ({ args }) => ({ out: args[2]?.includes('empty') ? '' : 'line\nH4sI\n' }),
      async (api) => [await api.text('/log'), await api.text('/empty')],
    );

    expect(value).toEqual(['line\nH4sI\n', '']);
  });
});
