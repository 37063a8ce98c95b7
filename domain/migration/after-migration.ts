import type { MigrationPlan, WorkloadMigration } from './document';
import { canonicalArmId } from '../ids';
import { objectIn, objectsIn, textIn } from './json';
import type { Json, MigrationSnapshot } from './snapshot';

/**
 * What a person may still want to do for a cluster that has left pod identity. NMI stood before the metadata endpoint of
 * the nodes; without it every pod can ask that for the identities of its node.
 */
export interface AfterMigration {
  readonly cluster: string;
  /** Closing the endpoint for the whole cluster (preview `IMDSRestrictionPreview`; nodes get it with their next image). */
  readonly imdsRestriction: {
    readonly possible: boolean;
    /** What of the cluster does not work with it; extensions are not seen from here. */
    readonly hinderedBy: readonly string[];
  };
  /** Whether a NetworkPolicy is enforced, which closes it for a namespace. */
  readonly networkPolicies: boolean;
  /** `kind/namespace/name` of workloads that get tokens through the sidecar: it can go once their SDKs need it no more. */
  readonly sidecars: readonly string[];
}

/** @param snapshot what the plan was made from. Clusters that nothing is migrated on are left out. */
export function afterMigration(
  { clusters }: MigrationPlan,
  { fleet }: MigrationSnapshot,
): readonly AfterMigration[] {
  const byId = new Map(
    fleet.clusters.map((cluster) => [canonicalArmId(textIn(cluster['id'])), cluster]),
  );
  return clusters.flatMap(({ id, workloads, installMode }) => {
    if (installMode === 'none') return [];
    const properties = objectIn(byId.get(canonicalArmId(id))?.['properties']);
    const hinderedBy = hindrances(properties);
    const policy = textIn(objectIn(properties['networkProfile'])['networkPolicy']);
    return [
      {
        cluster: id,
        imdsRestriction: { possible: hinderedBy.length === 0, hinderedBy },
        networkPolicies: !['', 'none'].includes(policy.toLowerCase()),
        sidecars: workloads.filter(({ auth }) => auth === 'sidecar').map(refOf),
      },
    ];
  });
}

function refOf({ kind, namespace, name }: WorkloadMigration): string {
  return `${kind}/${namespace}/${name}`;
}

/** Add-ons that still ask the endpoint themselves (Microsoft Learn, "Block pod access to IMDS", limitations). */
const askingAddons: Readonly<Record<string, string>> = {
  ingressapplicationgateway: 'Application Gateway ingress',
  omsagent: 'Container insights',
  aciconnectorlinux: 'virtual nodes',
  azurepolicy: 'Azure Policy',
};

function hindrances(properties: Json): readonly string[] {
  const enabled = (value: unknown): boolean => objectIn(value)['enabled'] === true;
  const addons = Object.entries(objectIn(properties['addonProfiles'])).flatMap(([name, addon]) => {
    const known = askingAddons[name.toLowerCase()];
    return known !== undefined && enabled(addon) ? [known] : [];
  });
  const windows = objectsIn(properties['agentPoolProfiles']).some(
    ({ osType }) => textIn(osType).toLowerCase() === 'windows',
  );
  const others = [
    [windows, 'Windows pools'],
    [enabled(objectIn(properties['ingressProfile'])['webAppRouting']), 'application routing'],
    [enabled(objectIn(properties['metricsProfile'])['costAnalysis']), 'cost analysis'],
    [enabled(properties['aiToolchainOperatorProfile']), 'AI toolchain operator'],
  ] as const;
  return [...addons, ...others.flatMap(([is, name]) => (is ? [name] : []))].sort();
}
