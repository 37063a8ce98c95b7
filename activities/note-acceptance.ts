import { clusterKey } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import { defineActivity } from './activity';

export interface NoteAcceptanceInput {
  readonly clusterId: ClusterId;
  /** Last day on which the unsupported add-on is accepted. */
  readonly until: string;
  /** Empty for a cluster that is not there yet. */
  readonly resourceUid: string;
  /** ISO time. */
  readonly asOf: string;
}

/** Remembers that somebody runs the pod-identity add-on on purpose, and until when. Idempotent. */
export const noteAcceptance = defineActivity(
  [],
  async (
    { clusterId, until, resourceUid, asOf }: NoteAcceptanceInput,
    { clients: { records }, log, runId },
  ): Promise<{ readonly noted: true }> => {
    log.info('cluster.podIdentity.accepted', { clusterId, until });
    await records.put('acceptance', clusterKey(clusterId), { until, at: asOf, runId, resourceUid });
    return { noted: true };
  },
);
