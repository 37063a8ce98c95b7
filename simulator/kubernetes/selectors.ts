import { at, canonical, objectAt, objectsAt } from '../json';
import type { JsonObject } from '../json';
import type { KubeObject, KubeResource } from './resource-table';

type Test = (object: KubeObject) => boolean;

/** The objects that both selectors of a request choose. @throws Error for a selector that is none. */
export function selection(query: URLSearchParams, resource: KubeResource): Test {
  const labels = parts(query.get('labelSelector') ?? '').map(labelTest);
  const fields = parts(query.get('fieldSelector') ?? '').map((part) => fieldTest(part, resource));
  const tests = [...labels, ...fields];
  return (object) => tests.every((test) => test(object));
}

/** Requirements are parted by commas, but for those between brackets. */
function parts(selector: string): readonly string[] {
  return selector
    .split(/,(?![^()]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function labelTest(part: string): Test {
  const listed = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(part);
  if (listed) {
    const [, key = '', operator, list = ''] = listed;
    const values = list.split(',').map((value) => value.trim());
    return (object) => values.includes(labelOf(object, key) ?? '\n') === (operator === 'in');
  }
  const compared = /^([^=!\s]+)\s*(==|=|!=)\s*(\S*)$/.exec(part);
  if (compared) {
    const [, key = '', operator, value] = compared;
    return (object) => (labelOf(object, key) === value) === (operator !== '!=');
  }
  const [, not = '', key = ''] = /^(!?)\s*([\w./-]+)$/.exec(part) ?? [];
  if (key === '') throw new Error(`unable to parse requirement: ${part}`);
  return (object) => (labelOf(object, key) !== undefined) === (not === '');
}

function fieldTest(part: string, { fields }: KubeResource): Test {
  const [, key = '', operator, value] = /^([^=!]+)(==|=|!=)(.*)$/.exec(part) ?? [];
  if (!fields.includes(key)) throw new Error(`field label not supported: ${key || part}`);
  const path = key.split('.');
  return (object) => {
    const found = at(object, ...path) ?? (key === 'spec.unschedulable' ? false : '');
    return (
      (canonical(found) === canonical(value) || canonical(found) === value) === (operator !== '!=')
    );
  };
}

function labelOf(object: KubeObject, key: string): string | undefined {
  const found = objectAt(object, 'metadata', 'labels')[key];
  return typeof found === 'string' ? found : undefined;
}

/** Whether a `LabelSelector` of an object chooses another object; an empty one chooses every object. */
export function matchesSelector(object: KubeObject, selector: JsonObject): boolean {
  const labels = objectAt(selector, 'matchLabels');
  const equal = Object.entries(labels).every(([name, value]) => labelOf(object, name) === value);
  return equal && objectsAt(selector, 'matchExpressions').every((one) => meets(object, one));
}

function meets(object: KubeObject, { key, operator, values }: JsonObject): boolean {
  const found = labelOf(object, typeof key === 'string' ? key : '');
  const listed = Array.isArray(values) && values.includes(found ?? '');
  switch (typeof operator === 'string' ? operator : '') {
    case 'In':
      return found !== undefined && listed;
    case 'NotIn':
      return !listed;
    case 'Exists':
      return found !== undefined;
    default:
      return found === undefined;
  }
}
