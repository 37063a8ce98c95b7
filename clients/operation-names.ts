export interface NamedOperation {
  /** Resource provider, or what answers where it is not ARM. */
  readonly service: string;
  /** Path without the names of things, so that there are few of them. */
  readonly operation: string;
}

const graph = /^\/(?:v1\.0|beta)\/([\w$]+)/;
const kubernetes = /^\/(?:api|apis\/[^/]+)\/[^/]+\/(?:namespaces\/[^/]+\/)?([a-z]+)/;

/** Names the operation behind a URL, without what tells one resource from another; ARM's in small letters, as it takes any. */
export function operationIn(url: string): NamedOperation {
  const { pathname } = new URL(url);
  const arm = pathname.toLowerCase();
  const provider = arm.lastIndexOf('/providers/');
  if (provider >= 0) return armOperation(arm.slice(provider + '/providers/'.length));
  if (arm.startsWith('/subscriptions')) {
    const type = /\/resourcegroups(\/|$)/.test(arm) ? 'resourcegroups' : 'subscriptions';
    return { service: 'microsoft.resources', operation: `microsoft.resources/${type}` };
  }
  const [, resource] = graph.exec(pathname) ?? [];
  if (resource !== undefined) return { service: 'graph', operation: `graph/${resource}` };
  const [, kind] = kubernetes.exec(pathname) ?? [];
  return {
    service: 'kubernetes',
    operation: kind === undefined ? 'kubernetes' : `kubernetes/${kind}`,
  };
}

/** `microsoft.x/types/name/children/name` is the type `microsoft.x/types/children`, an action behind it included. */
function armOperation(path: string): NamedOperation {
  const [service = '', ...rest] = path.split('/').filter((part) => part !== '');
  const types = rest.filter((_part, index) => index % 2 === 0);
  return { service, operation: [service, ...types].join('/') };
}
