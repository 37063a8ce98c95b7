import { objectAt, objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import { admitPod } from '../admission';
import type { Admitted } from '../admission';
import { withLimitRanges } from '../checks/limit-ranges';
import { podSecurityViolation } from '../checks/pod-security';
import { quotaViolation } from '../checks/quota';
import { nameOf } from '../object-parts';
import type { KubeObject, ServedResource } from '../resource-table';
import { namespaceOf } from './namespaces';
import { forbidden } from './write-context';
import type { WriteContext } from './write-context';

export function isPod({ group, resource }: ServedResource): boolean {
  return group.group === '' && resource.name === 'pods';
}

/** A pod that is to be born: with its account, after all admissions, or refused by one of them. */
export function admittedPod(context: WriteContext, asked: KubeObject): Admitted {
  const name = nameOf(asked);
  const accountName = textAt(asked, 'spec', 'serviceAccountName') ?? 'default';
  const { world, cluster, namespace } = context;
  const account = world.objects.get({
    cluster: cluster.id,
    resource: 'serviceaccounts',
    namespace,
    name: accountName,
  });
  if (account === undefined) {
    const why = `error looking up service account ${namespace}/${accountName}: serviceaccount "${accountName}" not found`;
    return { refused: forbidden(context, name, why) };
  }
  const pod = withLimitRanges(context, withAccount(context, asked, account));
  const admitted = admitPod(pod, context);
  if ('refused' in admitted) return admitted;
  const last = withLimitRanges(context, admitted.pod); // also for what an admission has added
  const space = namespaceOf(context) ?? { metadata: {} };
  const why = podSecurityViolation(space, last) ?? quotaViolation(context, last);
  return why === undefined ? { pod: last } : { refused: forbidden(context, name, why) };
}

const tokenFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/** What the service account brings: its pull secrets, and its token in every container. */
function withAccount({ world }: WriteContext, pod: KubeObject, account: KubeObject): KubeObject {
  const spec = objectAt(pod, 'spec');
  const pullSecrets = objectsAt(account, 'imagePullSecrets');
  const own = objectsAt(spec, 'imagePullSecrets');
  const secrets = own.length > 0 ? own : pullSecrets;
  const named: JsonObject = {
    ...spec,
    serviceAccountName: nameOf(account),
    serviceAccount: nameOf(account),
    ...(secrets.length > 0 && { imagePullSecrets: secrets }),
    ...(spec['enableServiceLinks'] === undefined && { enableServiceLinks: true }),
  };
  const automounts =
    spec['automountServiceAccountToken'] ?? account['automountServiceAccountToken'];
  if (automounts === false) return { ...pod, spec: named };
  const suffix = world.seed.guid('token volume', nameOf(pod)).slice(0, 5);
  return { ...pod, spec: withToken(named, `kube-api-access-${suffix}`) };
}

function withToken(spec: JsonObject, name: string): JsonObject {
  const mount = { name, readOnly: true, mountPath: tokenFolder };
  const mounted = (container: JsonObject): JsonObject => {
    const mounts = objectsAt(container, 'volumeMounts');
    const has = mounts.some(({ mountPath }) => mountPath === tokenFolder);
    return has ? container : { ...container, volumeMounts: [...mounts, mount] };
  };
  const lists = ['initContainers', 'containers'].filter((list) => objectsAt(spec, list).length > 0);
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: {
        items: [
          { path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } },
        ],
      },
    },
  ];
  return {
    ...spec,
    ...Object.fromEntries(lists.map((list) => [list, objectsAt(spec, list).map(mounted)])),
    volumes: [...objectsAt(spec, 'volumes'), { name, projected: { sources, defaultMode: 420 } }],
  };
}
