import { clusterKey } from '../../domain/ids';
import { TransientError } from '../../domain/outcome';
import { defineActivity } from '../activity';
import { claim, release } from '../claims';
import type { MigrationPlace } from './ledger';

/** Outlasts the longest write of a cluster, so that a claim is not taken over while one is under way. */
const claimMinutes = 180;

/** Claims a cluster for a write; whoever repeats it waits for the run that is changing the cluster. */
export const holdCluster = defineActivity(
  [],
  async (
    { migrationId, clusterId, asOf }: MigrationPlace & { readonly asOf: string },
    { clients: { records } },
  ): Promise<{ readonly held: true }> => {
    const request = { id: clusterKey(clusterId), owner: migrationId, asOf, minutes: claimMinutes };
    if ((await claim(records, request)) === 'held') {
      throw new TransientError('another run changes the cluster');
    }
    return { held: true };
  },
);

export const releaseCluster = defineActivity(
  [],
  async (
    { migrationId, clusterId }: MigrationPlace,
    { clients: { records } },
  ): Promise<{ readonly released: true }> => {
    await release(records, clusterKey(clusterId), migrationId);
    return { released: true };
  },
);
