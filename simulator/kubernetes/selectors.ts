import { at, canonical, objectAt } from '../json';
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
