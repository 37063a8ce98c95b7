/** The parts of a resource id that decide where it is listed and who governs it. */
export interface ArmIdParts {
  readonly subscriptionId: string | undefined;
  readonly resourceGroup: string | undefined;
  /** Namespace and type names of the last resource in the id, such as `Microsoft.Compute/virtualMachineScaleSets`. */
  readonly type: string;
  readonly name: string;
}

/** Decodes a request path, drops doubled and trailing slashes. @throws URIError for broken escapes. */
export function normalizePath(path: string): string {
  return `/${decodeURIComponent(path)
    .split('/')
    .filter((segment) => segment !== '')
    .join('/')}`;
}

export function partsOf(id: string): ArmIdParts {
  const segments = id.split('/').slice(1);
  const lower = segments.map((segment) => segment.toLowerCase());
  const after = (keyword: string): string | undefined => {
    const index = lower.indexOf(keyword);
    return index < 0 ? undefined : segments[index + 1];
  };
  const provider = lower.lastIndexOf('providers');
  const below = provider < 0 ? [] : segments.slice(provider + 1);
  return {
    subscriptionId: lower[0] === 'subscriptions' ? segments[1] : undefined,
    resourceGroup: after('resourcegroups'),
    type: provider < 0 ? containerType(lower) : typeIn(below),
    name: segments.at(-1) ?? '',
  };
}

/** The id without its last segment: the collection a resource is listed in. */
export function collectionOf(id: string): string {
  return id.slice(0, id.lastIndexOf('/'));
}

/** The id of the resource that owns a child resource. */
export function parentOf(id: string): string {
  return collectionOf(collectionOf(id));
}

/** The scope an extension resource is attached to: what stands before its `/providers/`. */
export function scopeOf(id: string): string {
  return id.slice(0, Math.max(0, id.toLowerCase().lastIndexOf('/providers/')));
}

/** The id itself and everything above it, nearest first, down to the subscription. */
export function lineage(id: string): readonly string[] {
  const segments = id.split('/').slice(1);
  const ids: string[] = [];
  for (let length = segments.length; length >= 2; length -= 1) {
    const keyword = segments[length - 2]?.toLowerCase();
    if (keyword !== 'providers') ids.push(`/${segments.slice(0, length).join('/')}`);
  }
  return ids;
}

/** Whether two ids name the same resource. */
export function sameId(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one.toLowerCase() === other?.toLowerCase();
}

function typeIn([namespace = '', ...rest]: readonly string[]): string {
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join('/');
}

function containerType(lower: readonly string[]): string {
  if (lower.length > 2) return 'Microsoft.Resources/resourceGroups';
  return lower.length === 2 ? 'Microsoft.Resources/subscriptions' : 'Microsoft.Resources/tenants';
}

/** The id of the resource of this type in an id, be it the last one or one above it. */
export function idUpTo(id: string, type: string): string | undefined {
  const segments = id.split('/');
  const index = segments.findIndex((segment) => segment.toLowerCase() === type.toLowerCase());
  const name = index < 0 ? undefined : segments[index + 1];
  return name === undefined ? undefined : segments.slice(0, index + 2).join('/');
}
