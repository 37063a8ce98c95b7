import type { ClusterId } from '../ids';
import type { TemplatePatch } from './document';
import type { Json } from './snapshot';

/** A workload inside of a cluster. */
export interface WorkloadRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** How the first pods of a patched workload are kept apart from the rest. */
export type Canary = 'pause' | 'partition' | 'watch' | 'evict' | 'none';

/** One change that a migration has made or is about to make, with what it takes to go back. */
export type LedgerChange =
  | {
      readonly kind: 'credential';
      readonly identityId: string;
      readonly name: string;
      readonly issuer: string;
      readonly subject: string;
      /** Audiences it had; absent for a credential that did not exist. */
      readonly audiences?: readonly string[];
    }
  | {
      readonly kind: 'account';
      readonly namespace: string;
      readonly name: string;
      readonly created: boolean;
    }
  | {
      readonly kind: 'template';
      readonly workload: WorkloadRef;
      readonly template: Json;
      readonly patch: TemplatePatch;
      readonly canary: Canary;
      /** Update strategy of a StatefulSet before. */
      readonly strategy?: Json;
    }
  | {
      readonly kind: 'podIdentityProfile';
      readonly profile: Json;
    }
  | {
      /** A Kubernetes object that was changed or deleted, as it was. */
      readonly kind: 'object';
      readonly path: string;
      readonly object: Json;
    }
  | {
      readonly kind: 'scaleSetIdentity';
      readonly scaleSetId: string;
      readonly identityIds: readonly string[];
    }
  | {
      readonly kind: 'roleAssignment';
      readonly scope: string;
      readonly name: string;
      readonly properties: Json;
    }
  | {
      /** A preview flag that was registered. */
      readonly kind: 'feature';
      readonly subscriptionId: string;
      readonly feature: string;
    };

export interface LedgerRecord {
  readonly id: string;
  readonly migrationId: string;
  readonly clusterId: ClusterId;
  readonly change: LedgerChange;
  /** ISO time. */
  readonly undoneAt?: string;
}

/** What is undone last comes first: a pod needs its template back before its pod identity can be missed. */
const order: readonly LedgerChange['kind'][] = [
  'credential',
  'account',
  'template',
  'podIdentityProfile',
  'object',
  'scaleSetIdentity',
  'roleAssignment',
  'feature',
];

/**
 * Names the entry for a change: the same change has the same name, so that a step that runs twice remembers what was there
 * before its first time. In the order of their names entries stand as they were made.
 */
export function ledgerId(
  { migrationId, cluster }: { readonly migrationId: string; readonly cluster: string },
  change: LedgerChange,
): string {
  const place = order.indexOf(change.kind);
  return `${ledgerPrefix(migrationId, cluster)}${place}~${change.kind}~${targetOf(change)}`;
}

export function ledgerPrefix(migrationId: string, cluster: string): string {
  return `${migrationId}~${cluster}~`;
}

function targetOf(change: LedgerChange): string {
  switch (change.kind) {
    case 'credential':
      return `${change.identityId.toLowerCase()}/${change.name}`;
    case 'account':
      return `${change.namespace}/${change.name}`;
    case 'template':
      return refText(change.workload);
    case 'podIdentityProfile':
      return '';
    case 'object':
      return change.path;
    case 'scaleSetIdentity':
      return change.scaleSetId.toLowerCase();
    case 'feature':
      return `${change.subscriptionId}/${change.feature}`;
    case 'roleAssignment':
      return `${change.scope.toLowerCase()}/${change.name}`;
  }
}

/** `Kind/namespace/name`: how people name a workload in approvals and reports. */
export function refText({ kind, namespace, name }: WorkloadRef): string {
  return `${kind}/${namespace}/${name}`;
}
