import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { toClusterFacts } from '../../domain/arm-cluster';
import type { ClusterSnapshot, RoleAssignment } from '../../domain/cluster';
import { armName } from '../../domain/ids';

/** A cluster as ARM tells it, with what a run reads around it and what must come of it. */
export interface ClusterFixture {
  readonly fixture: string;
  readonly cluster: { readonly id: string; readonly properties: object };
  readonly context: {
    readonly policy: { readonly registries?: readonly string[] };
    readonly resources: readonly ArmResource[];
    readonly roleAssignments: readonly ArmRoleAssignment[];
    readonly upgradeProfiles: Readonly<Record<string, { readonly latestNodeImageVersion: string }>>;
    readonly features: Readonly<Record<string, { readonly state: string }>>;
  };
  readonly expected: {
    readonly findings: readonly { readonly rule: string; readonly subject: string }[];
    readonly requiredRoleAssignments: readonly ExpectedAssignment[];
  };
}

export interface ExpectedAssignment {
  readonly requirement: string;
  readonly principal: string;
  readonly principalId: string;
  readonly roleDefinitionGuid: string;
  readonly scope: string;
  readonly assignmentName: string;
  readonly state: 'present' | 'covered' | 'subsumed' | 'missing';
}

interface ArmResource {
  readonly id: string;
  readonly type: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly identity?: { readonly userAssignedIdentities?: Readonly<Record<string, unknown>> };
  readonly properties: {
    readonly subnets?: readonly {
      readonly id: string;
      readonly properties: { readonly routeTable?: { readonly id: string } };
    }[];
  };
}

interface ArmRoleAssignment {
  readonly id: string;
  readonly properties: {
    readonly roleDefinitionId: string;
    readonly principalId: string;
    readonly scope: string;
    readonly condition?: string | null;
  };
}

const data = join(__dirname, '..', 'data');

export const clusterFixtures: readonly ClusterFixture[] = readAll('clusters');

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

/** A fixture as the snapshot that a run would take of it. */
export function snapshotOf({ cluster, context }: ClusterFixture): ClusterSnapshot {
  const facts = toClusterFacts(cluster);
  const features = Object.entries(context.features).map(([name, { state }]) => [
    `Microsoft.ContainerService/${name}`,
    { state, usedBy: facts.podIdentity.enabled ? 1 : 0 },
  ]);
  return {
    ...facts,
    routeTables: facts.links.kubenet ? routeTables(context.resources) : [],
    latestImages: Object.fromEntries(
      Object.entries(context.upgradeProfiles).map(([pool, profile]) => [
        pool,
        profile.latestNodeImageVersion,
      ]),
    ),
    poolsBeforeSwitch: facts.kubelet
      ? poolsWithout(facts.kubelet.resourceId, context.resources)
      : [],
    missingIdentities: [],
    features: Object.fromEntries(features) as ClusterSnapshot['features'],
    assignments: context.roleAssignments.map(toAssignment),
  };
}

function routeTables(resources: readonly ArmResource[]): string[] {
  const subnets = resources.flatMap(({ properties }) => properties.subnets ?? []);
  return subnets.flatMap(({ properties }) => properties.routeTable?.id ?? []);
}

function poolsWithout(kubeletId: string, resources: readonly ArmResource[]): string[] {
  return resources
    .filter(({ type }) => type === 'Microsoft.Compute/virtualMachineScaleSets')
    .filter(({ identity }) => {
      const ids = Object.keys(identity?.userAssignedIdentities ?? {});
      return !ids.some((id) => id.toLowerCase() === kubeletId.toLowerCase());
    })
    .flatMap(({ tags }) => tags?.['aks-managed-poolName'] ?? []);
}

function toAssignment({ id, properties }: ArmRoleAssignment): RoleAssignment {
  return {
    id,
    scope: properties.scope,
    principalId: properties.principalId,
    role: armName(properties.roleDefinitionId).toLowerCase(),
    conditional: Boolean(properties.condition),
  };
}
