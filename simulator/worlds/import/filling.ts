import type { Resource } from '../../resource-store';
import type { Seed } from '../../seed';

/** A world under way from an export: what is there, and a way to add what is not. */
export interface Filling {
  /** By lower-cased id. */
  readonly resources: ReadonlyMap<string, Resource>;
  readonly tenantId: string;
  /** Adds a resource unless it is there; `what` is the word the report counts it under. */
  readonly add: (what: string, resource: Resource) => void;
}

/** The same for what changes resources that are there. */
export interface Mending extends Filling {
  readonly seed: Seed;
  readonly replace: (what: string, resource: Resource) => void;
}
