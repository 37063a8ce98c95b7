import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { bundlePolicy } from '../../domain/bundle/bundle-policy';
import { bundleView } from '../../domain/bundle/bundle-view';
import { Bundle } from '../../domain/bundle/context';
import type { Inspection } from '../../domain/bundle/inspection';
import type { Policy } from '../../domain/policy';
import { nothingAround } from '../../domain/snapshot';
import type { ClusterSnapshot } from '../../domain/snapshot';

/** A cluster as ARM tells it, with what a run reads around it and what must come of it. */
export interface ClusterFixture {
  readonly fixture: string;
  readonly now: string;
  readonly cluster: { readonly id: string; readonly properties: object };
  readonly context: Readonly<Record<string, unknown>>;
  readonly expected: Pick<
    Inspection,
    'requiredRoleAssignments' | 'createRoleAssignments' | 'identityPlan' | 'advisory'
  > & {
    readonly findings: readonly Pick<
      Inspection['findings'][number],
      'rule' | 'severity' | 'subject' | 'about'
    >[];
  };
}

const data = join(__dirname, '..', 'data');

export const clusterFixtures: readonly ClusterFixture[] = readAll('clusters');

/** For `it.each`. */
export const namedFixtures = clusterFixtures.map((fixture) => [fixture.fixture, fixture] as const);

/** A delivery of events, what it must be read as, and how its elements are counted. */
export interface EventFixture {
  readonly id: string;
  readonly deliveries: readonly { readonly body: unknown }[];
  readonly expect: {
    readonly normalized?: readonly {
      readonly dedupeKey: string;
      readonly type: string;
      readonly time: string;
      readonly family: string;
      readonly clusterId?: string;
      readonly poolName?: string;
    }[];
  };
}

export const eventFixtures: readonly EventFixture[] = readAll('events');

export function clusterFixture(name: string): ClusterFixture {
  const found = clusterFixtures.find(({ fixture }) => fixture.startsWith(name));
  if (!found) throw new Error(`there is no fixture ${name}`);
  return found;
}

function readAll<T>(folder: string): readonly T[] {
  return readdirSync(join(data, folder))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(data, folder, file), 'utf8')) as T);
}

/** What the fixture's owners ask for. */
export function policyOf({ context }: ClusterFixture): Policy {
  return bundlePolicy(context['policy']);
}

/** A fixture as the snapshot that a run would take of it. */
export function snapshotOf(fixture: ClusterFixture): ClusterSnapshot {
  return {
    ...nothingAround,
    ...bundleView(Bundle.parse(fixture)),
  };
}
