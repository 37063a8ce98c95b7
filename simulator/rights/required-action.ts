import { operationName } from '../router';

/**
 * The action that a request needs, such as `Microsoft.ContainerService/managedClusters/write`; a list needs the right to
 * read. Source: "Azure permissions" (resource provider operations).
 */
export function requiredAction(method: string, id: string): string {
  const operation = operationName(method, id).replace(/\/list$/, '/read');
  const [, features] = /\/providers\/(Microsoft\.Features)(?:\/|$)/i.exec(id) ?? [];
  if (features !== undefined) return `Microsoft.Features/${withProvider(operation)}`;
  const registration =
    /^\/subscriptions\/[^/]+\/providers(?:\/([^/]+)(?:\/(register|unregister))?)?$/i.exec(id);
  if (registration) {
    const [, namespace = '', verb] = registration;
    return verb === undefined
      ? 'Microsoft.Resources/subscriptions/providers/read'
      : `${namespace}/${verb}/action`;
  }
  const namespace = [...id.matchAll(/\/providers\/([^/]+)/gi)].at(-1)?.[1];
  return namespace === undefined ? container(operation) : `${namespace}/${operation}`;
}

/** `features/…` stands for `providers/features/…`, with or without a provider in the path. */
function withProvider(operation: string): string {
  return operation.startsWith('features/') ? `providers/${operation}` : operation;
}

function container(operation: string): string {
  const inSubscription = /^subscriptions\//i.test(operation)
    ? operation
    : `subscriptions/${operation}`;
  return `Microsoft.Resources/${inSubscription}`;
}
