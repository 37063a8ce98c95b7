import data from '../data/throttling.json';
import { idUpTo } from '../arm-id';

/** What a request is counted by. */
export interface Subject {
  readonly method: string;
  /** Canonical path. */
  readonly id: string;
  /** Namespace of the provider that serves the request. */
  readonly provider: string;
  /** As in the call log. */
  readonly operation: string;
  readonly principal: string;
}

/** A kind of bucket; each different key has one of its own. */
export interface BucketKind {
  readonly id: string;
  readonly layer: string;
  readonly key: readonly string[];
  readonly methods?: readonly string[];
  readonly operations?: readonly string[];
  readonly within?: string;
  readonly capacity: number;
  /** Tokens that come back in a second; or all of them when the window of so many seconds is over. */
  readonly refillPerSecond?: number;
  readonly windowSeconds?: number;
  readonly code: string;
  readonly headers?: { readonly remaining: string; readonly resetsAfter?: string };
}

const kinds: readonly BucketKind[] = data.buckets;
const ofResourceManager = kinds.filter(({ layer }) => layer === 'arm');
const layers = new Set(kinds.map(({ layer }) => layer));

/** The kinds of bucket that a request takes a token from: those of Resource Manager, then those of its provider. */
export function kindsFor(subject: Subject): readonly BucketKind[] {
  const { provider } = subject;
  const inSubscription = keyPart('subscription', subject) !== '';
  const prefix = inSubscription ? 'arm.subscription.' : 'arm.tenant.';
  const arm = ofResourceManager.filter(
    ({ id, methods = [] }) =>
      id.startsWith(prefix) && methods.includes(subject.method === 'HEAD' ? 'GET' : subject.method),
  );
  if (!layers.has(provider)) return arm;
  const own = kinds.filter(({ layer }) => layer === provider);
  const named = own.filter((kind) => kind.operations && isFor(kind, subject));
  const others = own.filter(({ operations }) => operations === undefined);
  return [...arm, ...(named.length > 0 ? named : others)];
}

/** The values that a request's bucket is told apart by. */
export function keyOf({ id, key }: BucketKind, subject: Subject): string {
  return [id, ...key.map((part) => keyPart(part, subject))].join('\n').toLowerCase();
}

function isFor({ operations = [], within }: BucketKind, subject: Subject): boolean {
  const operation = subject.operation.toLowerCase();
  if (!operations.some((name) => name.toLowerCase() === operation)) return false;
  const inGroup = keyPart('resourceGroup', subject) !== '';
  return within === undefined || (within === 'resourceGroup') === inGroup;
}

const typeOf: Readonly<Record<string, string>> = {
  subscription: 'subscriptions',
  resourceGroup: 'resourceGroups',
  managedCluster: 'managedClusters',
  agentPool: 'agentPools',
  userAssignedIdentity: 'userAssignedIdentities',
};

function keyPart(part: string, { id, principal }: Subject): string {
  const type = typeOf[part];
  if (type !== undefined) return idUpTo(id, type) ?? '';
  return part === 'principal' ? principal : '';
}
