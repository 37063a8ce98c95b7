import { clusterKey } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import { TransientError } from '../domain/outcome';
import type { IdentityHistoryRecord } from '../domain/records';
import type { FormerPrincipal } from '../domain/snapshot';
import { defineActivity } from './activity';

export interface NoteIdentityChangeInput {
  readonly clusterId: ClusterId;
  readonly resourceUid: string;
  readonly former: FormerPrincipal;
}

const attempts = 10;

/**
 * Remembers a principal that the cluster had before, so that its rights can be taken away once nobody acts
 * as it any more. Idempotent; of several times the last one counts, since grace begins then.
 */
export const noteIdentityChange = defineActivity(
  [],
  async (
    { clusterId, resourceUid, former }: NoteIdentityChangeInput,
    { clients: { records } },
  ): Promise<{ readonly noted: boolean }> => {
    const id = clusterKey(clusterId);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const known = await records.get('identityHistory', id);
      const before = known?.value.resourceUid === resourceUid ? known.value.principals : [];
      const same = before.find(({ objectId }) => objectId === former.objectId);
      if (same && same.until >= former.until) return { noted: false };
      const others = before.filter((one) => one !== same);
      const principals = [...others, former];
      const value: IdentityHistoryRecord = { id, clusterId, resourceUid, principals };
      const written = known
        ? await records.replace('identityHistory', id, { value, etag: known.etag })
        : await records.insert('identityHistory', id, value);
      if (written) return { noted: true };
    }
    throw new TransientError(`the identity history of ${clusterId} is written by too many at once`);
  },
);
