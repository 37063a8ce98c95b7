import { textAt } from '../../json';
import type { KubeObject, ServedResource } from '../resource-table';
import type { Cause } from './write-context';

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** Names that must be labels of a DNS name; the rest may have dots. */
const labelNamed = new Set(['namespaces', 'services']);

const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

/** What is wrong with the name of an object that is to be created. */
export function nameCauses({ group, resource }: ServedResource, name: string): readonly Cause[] {
  const field = 'metadata.name';
  if (name === '') {
    const message = 'Required value: name or generateName is required';
    return [{ reason: 'FieldValueRequired', field, message }];
  }
  if (group.group.startsWith('rbac.')) return []; // any path segment
  const isLabel = labelNamed.has(resource.name);
  const wrong = [
    ...((isLabel ? label : subdomain).test(name) ? [] : [isLabel ? labelRule : subdomainRule]),
    ...longerThan(name, isLabel ? 63 : 253),
  ];
  return wrong.map((rule) => ({
    reason: 'FieldValueInvalid',
    field,
    message: `Invalid value: "${name}": ${rule}`,
  }));
}

function longerThan(name: string, most: number): readonly string[] {
  return name.length > most ? [`must be no more than ${most} characters`] : [];
}

/** The name of an object; a generated one has five random characters. */
export function nameFor({ metadata }: KubeObject, fraction: (index: number) => number): string {
  const name = textAt(metadata, 'name') ?? '';
  const prefix = textAt(metadata, 'generateName') ?? '';
  if (name !== '' || prefix === '') return name;
  const random = Array.from({ length: 5 }, (_, index) =>
    letters.charAt(Math.floor(fraction(index) * letters.length)),
  );
  return `${prefix.slice(0, 58)}${random.join('')}`;
}
