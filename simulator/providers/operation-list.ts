import resourceTypes from '../data/resource-types.json';
import { pageAnswer } from '../paging';
import type { Route } from '../provider';

const known: Readonly<Record<string, readonly string[]>> = resourceTypes;

/** The operations of a namespace, as role definitions name them. */
export function operationsOf(namespace: string): Route {
  const operations = (known[namespace] ?? []).flatMap((resource) =>
    ['read', 'write', 'delete'].map((operation) => ({
      name: `${namespace}/${resource}/${operation}`,
      isDataAction: false,
      origin: 'user,system',
      display: {
        provider: namespace,
        resource,
        operation: `${operation} ${resource}`,
        description: `${operation} ${resource}`,
      },
    })),
  );
  return (request, world) => pageAnswer(request, operations, world);
}
