import type { StaticInjection, TemplatePatch } from './document';
import { objectIn, objectsIn, textIn } from './json';
import type { Json } from './snapshot';
import { proxyInitName } from './words';

/** Volume that a template mounts its own service-account token from, where no webhook does. */
export const tokenVolume = 'azure-identity-token';

/** One operation of a JSON patch (RFC 6902). */
export type PatchOperation =
  | { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** JSON pointer of the pod template of a workload; undefined for a kind without one that can be patched. */
export function templatePath(kind: string): string | undefined {
  if (kind === 'CronJob') return '/spec/jobTemplate/spec/template';
  const patched = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController'];
  return patched.includes(kind) ? '/spec/template' : undefined;
}

/** The pod template of a workload as the API server answers it. */
export function templateOf(workload: Json): Json {
  const path = templatePath(textIn(workload['kind'])) ?? '/spec/template';
  return path
    .split('/')
    .slice(1)
    .reduce((found, name) => objectIn(found[name]), workload);
}

/** Exchanges a template on condition that it is still the one that was read. */
export function exchange(
  path: string,
  { from, to }: { readonly from: Json; readonly to: Json },
): readonly PatchOperation[] {
  return [
    { op: 'test', path, value: from },
    { op: 'replace', path, value: to },
  ];
}

/**
 * The template with what a plan wants of it. Applied twice it changes nothing more.
 *
 * @param proxyInit the init container that the webhook would put last, for a patch that pins it first.
 */
export function patchTemplate(template: Json, patch: TemplatePatch, proxyInit?: Json): Json {
  const metadata = objectIn(template['metadata']);
  const labels = { ...objectIn(metadata['labels']), ...patch.labels };
  const annotated = { ...objectIn(metadata['annotations']), ...patch.annotations };
  const kept = Object.entries(annotated).filter(
    ([name]) => !patch.removeAnnotations.includes(name),
  );
  const annotations = Object.fromEntries(kept);
  return {
    ...template,
    metadata: {
      ...metadata,
      ...(Object.keys(labels).length > 0 && { labels }),
      ...((Object.keys(annotations).length > 0 || metadata['annotations'] !== undefined) && {
        annotations,
      }),
    },
    spec: patchSpec(objectIn(template['spec']), patch, proxyInit),
  };
}

function patchSpec(spec: Json, patch: TemplatePatch, proxyInit?: Json): Json {
  const { serviceAccountName: account, pinProxyInit, staticInjection } = patch;
  const named = {
    ...spec,
    // `serviceAccount` is the old spelling, which the API server keeps equal.
    ...(account !== undefined && {
      serviceAccountName: account,
      ...(spec['serviceAccount'] !== undefined && { serviceAccount: account }),
    }),
  };
  const pinned = pinProxyInit === true && proxyInit ? withInit(named, proxyInit) : named;
  return staticInjection ? withToken(pinned, staticInjection) : pinned;
}

function withInit(spec: Json, proxyInit: Json): Json {
  const containers = objectsIn(spec['initContainers']);
  if (containers.some(({ name }) => name === proxyInitName)) return spec;
  return { ...spec, initContainers: [{ ...proxyInit, name: proxyInitName }, ...containers] };
}

function withToken(spec: Json, injection: StaticInjection): Json {
  const { env, mountPath, audience, expirationSeconds } = injection;
  const inject = (container: Json): Json => {
    const known = objectsIn(container['env']);
    const added = Object.entries(env).flatMap(([name, value]) =>
      known.some((one) => one['name'] === name) ? [] : [{ name, value }],
    );
    const mounts = objectsIn(container['volumeMounts']);
    const mounted = mounts.some(({ name }) => name === tokenVolume);
    const mount = { name: tokenVolume, mountPath, readOnly: true };
    return {
      ...container,
      env: [...known, ...added],
      volumeMounts: mounted ? mounts : [...mounts, mount],
    };
  };
  const volumes = objectsIn(spec['volumes']);
  const source = {
    serviceAccountToken: { path: tokenVolume, audience, expirationSeconds },
  };
  const volume = { name: tokenVolume, projected: { defaultMode: 420, sources: [source] } };
  return {
    ...spec,
    ...(spec['initContainers'] !== undefined && {
      initContainers: objectsIn(spec['initContainers']).map(inject),
    }),
    containers: objectsIn(spec['containers']).map(inject),
    volumes: volumes.some(({ name }) => name === tokenVolume) ? volumes : [...volumes, volume],
  };
}

/**
 * A template without what the plan has put into it, and with what it has taken out; whatever somebody else
 * has changed since stays. Where nobody has, the result is the template before, member by member.
 */
export function revertTemplate(live: Json, before: Json, patch: TemplatePatch): Json {
  const metadata = objectIn(live['metadata']);
  const was = objectIn(before['metadata']);
  const annotations = [...Object.keys(patch.annotations), ...patch.removeAnnotations];
  const reverted = {
    ...metadata,
    labels: restored(metadata['labels'], was['labels'], Object.keys(patch.labels)),
    annotations: restored(metadata['annotations'], was['annotations'], annotations),
  };
  return {
    ...live,
    metadata: inOrderOf(was, dropAbsent(reverted)),
    spec: revertSpec(objectIn(live['spec']), objectIn(before['spec']), patch),
  };
}

function restored(live: unknown, before: unknown, names: readonly string[]): Json | undefined {
  const was = objectIn(before);
  const kept = Object.entries(objectIn(live)).filter(([name]) => !names.includes(name));
  const back = names.flatMap((name) => (name in was ? [[name, was[name]] as const] : []));
  if (kept.length + back.length === 0 && before === undefined) return undefined;
  return inOrderOf(was, Object.fromEntries([...kept, ...back]));
}

function revertSpec(live: Json, before: Json, patch: TemplatePatch): Json {
  const { serviceAccountName: account, pinProxyInit, staticInjection } = patch;
  const named =
    account === undefined || live['serviceAccountName'] !== account
      ? live
      : {
          ...live,
          serviceAccountName: before['serviceAccountName'],
          serviceAccount: before['serviceAccount'],
        };
  const unpinned = pinProxyInit === true ? withoutInit(named, before) : named;
  const plain = staticInjection ? withoutToken(unpinned, before, staticInjection) : unpinned;
  return inOrderOf(before, dropAbsent(plain));
}

function withoutInit(live: Json, before: Json): Json {
  if (named(before['initContainers'], proxyInitName)) return live;
  const left = objectsIn(live['initContainers']).filter(({ name }) => name !== proxyInitName);
  return { ...live, initContainers: emptyAs(before['initContainers'], left) };
}

function withoutToken(live: Json, before: Json, { env }: StaticInjection): Json {
  const clean = (member: string) => (container: Json) => {
    const was = named(before[member], textIn(container['name']));
    const variables = objectsIn(container['env']).filter(
      ({ name }) => !(textIn(name) in env) || named(was?.['env'], textIn(name)) !== undefined,
    );
    const mounts = objectsIn(container['volumeMounts']).filter(
      ({ name }) => name !== tokenVolume || named(was?.['volumeMounts'], tokenVolume),
    );
    return dropAbsent({
      ...container,
      env: emptyAs(was?.['env'], variables),
      volumeMounts: emptyAs(was?.['volumeMounts'], mounts),
    });
  };
  const volumes = objectsIn(live['volumes']).filter(
    ({ name }) => name !== tokenVolume || named(before['volumes'], tokenVolume),
  );
  const init = objectsIn(live['initContainers']).map(clean('initContainers'));
  return {
    ...live,
    containers: objectsIn(live['containers']).map(clean('containers')),
    ...(live['initContainers'] !== undefined && { initContainers: init }),
    volumes: emptyAs(before['volumes'], volumes),
  };
}

/** An empty list is as it was before: there, or not there. */
function emptyAs(before: unknown, list: readonly Json[]): readonly Json[] | undefined {
  return list.length === 0 && before === undefined ? undefined : list;
}

function named(list: unknown, name: string): Json | undefined {
  return objectsIn(list).find((one) => one['name'] === name);
}

function dropAbsent(value: Json): Json {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

/** Members in the order they had before, then the others: equal content gives equal text. */
function inOrderOf(before: Json, value: Json): Json {
  const known = Object.keys(before).filter((name) => name in value);
  const others = Object.keys(value).filter((name) => !(name in before));
  return Object.fromEntries([...known, ...others].map((name) => [name, value[name]]));
}
