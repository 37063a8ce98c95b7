import { objectAt, objectsIn, textIn } from './json';
import type { Json } from './snapshot';

/** The pods of a workload, as a label selector in a query. */
export function selectorText(object: Json): string {
  const selector = objectAt(object, 'spec', 'selector');
  if (object['kind'] === 'ReplicationController') return equalities(selector);
  const expressions = objectsIn(selector['matchExpressions']).map((one) => {
    const key = textIn(one['key']);
    const values = Array.isArray(one['values']) ? one['values'].map(String).join(',') : '';
    switch (one['operator']) {
      case 'Exists':
        return key;
      case 'DoesNotExist':
        return `!${key}`;
      case 'NotIn':
        return `${key} notin (${values})`;
      default:
        return `${key} in (${values})`;
    }
  });
  return [equalities(objectAt(selector, 'matchLabels')), ...expressions]
    .filter((one) => one !== '')
    .join(',');
}

function equalities(labels: Json): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${textIn(value)}`)
    .join(',');
}
