import { textAt } from '../../json';
import type { Resource } from '../../resource-store';
import { seeded } from '../../seed';
import { fillContainers } from './fill-containers';
import { fillIdentities } from './fill-identities';
import { fillRoles } from './fill-roles';
import { fillScaleSets } from './fill-scale-sets';
import type { Mending } from './filling';
import { importRow } from './import-row';
import { mendClusters } from './mend-clusters';
import type { ExportRow } from './read-export';

/** A world from exports of Resource Graph. */
export interface ImportedWorld {
  readonly tenantId: string | undefined;
  readonly resources: readonly Resource[];
  /** What was read, what was made up and what is missing, a line each. */
  readonly report: readonly string[];
}

/** In this order: later ones see what earlier ones added. */
const fillings: readonly ((world: Mending) => void)[] = [
  mendClusters,
  fillIdentities,
  fillRoles,
  fillScaleSets,
  fillContainers,
];

/** Makes a world of the rows; of rows with the same id the last one counts. @throws Error that names row and member. */
export function importWorld(rows: readonly ExportRow[], seed: number): ImportedWorld {
  const tenantId = rows.map(({ columns }) => textAt(columns, 'tenantId')).find(Boolean);
  const resources = new Map<string, Resource>();
  const read = rows.map(importRow).filter((resource) => resource !== undefined);
  for (const resource of read) resources.set(resource.id.toLowerCase(), resource);
  const imported = resources.size;
  const made = new Map<string, number>();
  const count = (what: string): void => {
    made.set(what, (made.get(what) ?? 0) + 1);
  };
  const world: Mending = {
    resources,
    tenantId: tenantId ?? '',
    seed: seeded(seed),
    add: (what, resource) => {
      const key = resource.id.toLowerCase();
      if (resources.has(key)) return;
      count(`made up: ${what}`);
      resources.set(key, resource);
    },
    replace: (what, resource) => {
      if (what !== '') count(`taken for ended: ${what}`);
      resources.set(resource.id.toLowerCase(), resource);
    },
  };
  for (const fill of fillings) fill(world);
  const others = rows.length - read.length;
  return {
    tenantId,
    resources: [...resources.values()],
    report: [
      `read: ${imported} resources from ${rows.length} rows`,
      ...(others > 0 ? [`left out: ${others} rows that are no resources of a subscription`] : []),
      ...Array.from(made, ([what, number]) => what.replace(':', `: ${number}`)),
      'not in an export: federated credentials, locks, maintenance configurations, running operations, what nodes really use',
    ],
  };
}
