import { param } from './provider';
import type { ArmRequest, ResourceProvider, Route } from './provider';

interface CompiledRoute {
  readonly method: string;
  readonly pattern: RegExp;
  readonly run: Route;
}

export interface Match {
  readonly provider: ResourceProvider;
  readonly run: Route;
  readonly params: Readonly<Record<string, string>>;
}

export type Found =
  | { readonly kind: 'route'; readonly match: Match }
  | { readonly kind: 'method-not-allowed' }
  | { readonly kind: 'nothing'; readonly namespace: string | undefined };

/**
 * Finds the route for a path. The namespaces named in the path are asked from the last to the first, so that an
 * extension resource belongs to its own provider; then the providers that have no namespace in their paths.
 */
export class Router {
  private readonly byNamespace = new Map<string, readonly CompiledRoute[]>();
  private readonly providers = new Map<string, ResourceProvider>();
  private readonly fallback: string;

  constructor(providers: readonly ResourceProvider[], fallbackNamespace: string) {
    this.fallback = fallbackNamespace.toLowerCase();
    for (const provider of providers) {
      const key = provider.namespace.toLowerCase();
      this.byNamespace.set(key, compile(provider));
      this.providers.set(key, provider);
    }
  }

  find(method: string, path: string): Found {
    if (method !== 'HEAD') return this.findRoute(method, path);
    const found = this.findRoute('GET', path);
    if (found.kind !== 'route') return found;
    return { kind: 'route', match: { ...found.match, run: existence(found.match.run) } };
  }

  private findRoute(method: string, path: string): Found {
    const named = [...path.matchAll(/\/providers\/([^/]+)/gi)].map(([, name]) => name ?? '');
    let otherMethod = false;
    for (const namespace of [...named.reverse().map((name) => name.toLowerCase()), this.fallback]) {
      const provider = this.providers.get(namespace);
      for (const route of this.byNamespace.get(namespace) ?? []) {
        const found = route.pattern.exec(path);
        if (found === null || provider === undefined) continue;
        if (route.method !== method) {
          otherMethod = true;
          continue;
        }
        return {
          kind: 'route',
          match: { provider, run: route.run, params: { ...found.groups } },
        };
      }
      if (otherMethod) return { kind: 'method-not-allowed' };
    }
    return { kind: 'nothing', namespace: named[0] };
  }
}

/**
 * What a request does, in the words of ARM actions without the namespace: `managedClusters/write`,
 * `managedClusters/agentPools/upgradeNodeImageVersion/action`, `managedClusters/list`.
 */
export function operationName(method: string, path: string): string {
  const provider = path.toLowerCase().lastIndexOf('/providers/');
  const below = provider < 0 ? path.split('/').slice(1) : path.slice(provider).split('/').slice(3);
  const types = below.filter((_, index) => index % 2 === 0);
  const onCollection = below.length % 2 === 1;
  if (method === 'POST') return `${types.join('/')}/action`;
  const verbs: Readonly<Record<string, string>> = { GET: 'read', HEAD: 'read', DELETE: 'delete' };
  const verb = method === 'GET' && onCollection ? 'list' : (verbs[method] ?? 'write');
  return [...types, verb].join('/');
}

/** The subscription a request is about; the empty text for requests of the tenant. */
export function subscriptionOf(request: ArmRequest): string {
  return param(request, 'subscription');
}

/** HEAD asks whether a resource exists: 204 when its GET succeeds, else what GET answers. */
function existence(read: Route): Route {
  return (request, world) => {
    const answer = read({ ...request, method: 'GET' }, world);
    return answer.status < 300 ? { status: 204 } : answer;
  };
}

function compile({ routes }: ResourceProvider): readonly CompiledRoute[] {
  return Object.entries(routes).map(([key, run]) => {
    const [method = '', path = ''] = key.split(' ');
    const source = path
      .replaceAll('.', '\\.')
      .replace(/\/?\{(scope|resourceId)\}/g, '(?<$1>(?:/[^/]+)*)')
      .replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    return { method, pattern: new RegExp(`^${source}$`, 'i'), run };
  });
}
