import { at, objectAt, objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import { podSpecPath } from '../defaults/defaults';
import { said } from '../object-parts';
import { qualifiedName } from '../resource-table';
import type { KubeObject, ServedResource } from '../resource-table';
import type { Cause } from '../writes/write-context';

const required = (field: string, more = ''): Cause => ({
  reason: 'FieldValueRequired',
  field,
  message: `Required value${more}`,
});

const wrong = (field: string, value: string, why: string): Cause => ({
  reason: 'FieldValueInvalid',
  field,
  message: `Invalid value: ${value}: ${why}`,
});

const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const labelRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** Everything that is wrong with an object by itself. */
export function invalidCauses(served: ServedResource, object: KubeObject): readonly Cause[] {
  const labels = labelCauses(objectAt(object, 'metadata', 'labels'), 'metadata.labels');
  const path = podSpecPath(served);
  if (path === undefined) return labels;
  return [
    ...labels,
    ...templateCauses(served, object, path.slice(0, -1)),
    ...podSpecCauses(objectAt(object, ...path), path.join('.')),
    ...restartCauses(served, object, path),
  ];
}

function labelCauses(labels: JsonObject, field: string): readonly Cause[] {
  return Object.values(labels).flatMap((value) => {
    if (typeof value === 'string' && value.length <= 63 && labelValue.test(value)) return [];
    const why =
      typeof value === 'string' && value.length > 63 ? 'must be no more than 63 bytes' : labelRule;
    return [wrong(field, JSON.stringify(value), why)];
  });
}

const selecting = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'replicasets.apps'];

/** What makes pods has to find them by its selector. */
function templateCauses(
  { group, resource }: ServedResource,
  object: KubeObject,
  path: readonly string[],
): readonly Cause[] {
  if (path.length === 0) return [];
  const field = [...path, 'metadata', 'labels'].join('.');
  const labels = objectAt(object, ...path, 'metadata', 'labels');
  const wrongLabels = labelCauses(labels, field);
  if (!selecting.includes(qualifiedName(group, resource))) return wrongLabels;
  const selector = objectAt(object, 'spec', 'selector', 'matchLabels');
  const expressions = objectsAt(object, 'spec', 'selector', 'matchExpressions');
  if (Object.keys(selector).length + expressions.length === 0) {
    return [...wrongLabels, required('spec.selector')];
  }
  const matches = Object.entries(selector).every(([name, value]) => labels[name] === value);
  const mismatch = wrong(
    field,
    JSON.stringify(labels),
    '`selector` does not match template `labels`',
  );
  return matches ? wrongLabels : [...wrongLabels, mismatch];
}

function podSpecCauses(spec: JsonObject, field: string): readonly Cause[] {
  const containers = objectsAt(spec, 'containers');
  const all = ['initContainers', 'containers'];
  return [
    ...(containers.length === 0 ? [required(`${field}.containers`)] : []),
    ...all.flatMap((list) =>
      objectsAt(spec, list).flatMap((one, index) =>
        containerCauses(one, { spec, field: `${field}.${list}[${index}]` }),
      ),
    ),
    ...repeatedNames(
      all.flatMap((list) => objectsAt(spec, list)),
      `${field}.containers`,
    ),
  ];
}

function containerCauses(
  container: JsonObject,
  { spec, field }: { readonly spec: JsonObject; readonly field: string },
): readonly Cause[] {
  const volumes = objectsAt(spec, 'volumes').map((volume) => volume['name']);
  const missing = ['name', 'image'].filter((name) => (textAt(container, name) ?? '') === '');
  const mounts = objectsAt(container, 'volumeMounts').flatMap((mount, index): readonly Cause[] => {
    if (volumes.includes(mount['name'])) return [];
    const place = `${field}.volumeMounts[${index}].name`;
    const message = `Not found: "${said(mount['name'])}"`;
    return [{ reason: 'FieldValueInvalid', field: place, message }];
  });
  return [...missing.map((name) => required(`${field}.${name}`)), ...mounts];
}

function repeatedNames(containers: readonly JsonObject[], field: string): readonly Cause[] {
  const names = containers.map((one) => textAt(one, 'name') ?? '').filter((name) => name !== '');
  return names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => ({
      reason: 'FieldValueInvalid',
      field: `${field}[${names.lastIndexOf(name)}].name`,
      message: `Duplicate value: "${name}"`,
    }));
}

function restartCauses(
  { group, resource }: ServedResource,
  object: KubeObject,
  path: readonly string[],
): readonly Cause[] {
  const field = [...path, 'restartPolicy'].join('.');
  const policy = said(at(object, ...path, 'restartPolicy'));
  if (group.group === 'batch') {
    if (['OnFailure', 'Never'].includes(policy)) return [];
    const supported = `Unsupported value: "${policy}": supported values: "OnFailure", "Never"`;
    return [{ reason: 'FieldValueInvalid', field, message: supported }];
  }
  if (resource.name === 'pods' || policy === '' || policy === 'Always') return [];
  const supported = `Unsupported value: "${policy}": supported values: "Always"`;
  return [{ reason: 'FieldValueInvalid', field, message: supported }];
}
