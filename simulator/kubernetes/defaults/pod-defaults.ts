import { isObject, objectAt, objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import { filled } from './filled';

/** What every pod has that does not say otherwise, alone or as a template. */
export function podSpecDefaults(spec: JsonObject): JsonObject {
  const aliases = serviceAccountOf(spec);
  const lists = ['initContainers', 'containers'].filter((name) => Array.isArray(spec[name]));
  const containers = lists.map(
    (name) => [name, objectsAt(spec, name).map(containerDefaults)] as const,
  );
  const volumes = Array.isArray(spec['volumes'])
    ? { volumes: objectsAt(spec, 'volumes').map(volumeDefaults) }
    : {};
  return filled(
    { ...spec, ...Object.fromEntries(containers), ...volumes, ...aliases },
    {
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
    },
  );
}

/** `serviceAccount` is the old name of `serviceAccountName`: each fills the other, the new one wins. */
function serviceAccountOf(spec: JsonObject): JsonObject {
  const name = textAt(spec, 'serviceAccountName') ?? textAt(spec, 'serviceAccount') ?? '';
  return name === '' ? {} : { serviceAccountName: name, serviceAccount: name };
}

function containerDefaults(container: JsonObject): JsonObject {
  const image = textAt(container, 'image') ?? '';
  const isLatest = !/[:@][^/]*$/.test(image) || image.endsWith(':latest');
  const ports = Array.isArray(container['ports'])
    ? { ports: objectsAt(container, 'ports').map((port) => filled(port, { protocol: 'TCP' })) }
    : {};
  const env = Array.isArray(container['env'])
    ? { env: objectsAt(container, 'env').map(variableDefaults) }
    : {};
  return filled(
    { ...container, ...ports, ...env, ...resourceDefaults(container) },
    {
      resources: {},
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      imagePullPolicy: isLatest ? 'Always' : 'IfNotPresent',
    },
  );
}

/** A limit without a request is the request too. */
function resourceDefaults({ resources }: JsonObject): JsonObject {
  if (!isObject(resources)) return {};
  const limits = objectAt(resources, 'limits');
  if (Object.keys(limits).length === 0) return {};
  return {
    resources: { ...resources, requests: { ...limits, ...objectAt(resources, 'requests') } },
  };
}

function variableDefaults(variable: JsonObject): JsonObject {
  const reference = objectAt(variable, 'valueFrom', 'fieldRef');
  if (reference['fieldPath'] === undefined) return variable;
  return filled(variable, { valueFrom: { fieldRef: { apiVersion: 'v1' } } });
}

const modedVolumes = ['secret', 'configMap', 'projected', 'downwardAPI'];

function volumeDefaults(volume: JsonObject): JsonObject {
  const type = modedVolumes.find((name) => isObject(volume[name]));
  return type === undefined ? volume : filled(volume, { [type]: { defaultMode: 420 } });
}
