import { randomUUID } from 'node:crypto';

import type { DurableEngine } from '../durable/contract';

const nowhere = () => Promise.resolve('not-found' as const);

/** A task hub on which no app works: it takes everything, and nothing comes of it. */
export function otherHub(): DurableEngine {
  return {
    ...{ raiseEvent: nowhere, terminate: nowhere, suspend: nowhere, resume: nowhere },
    ...{ rewind: nowhere, purge: nowhere },
    start: ({ instanceId }) =>
      Promise.resolve({ instanceId: instanceId ?? randomUUID().replaceAll('-', '') }),
    status: () => Promise.resolve(undefined),
    history: () => Promise.resolve([]),
    query: () => Promise.resolve({ instances: [] }),
    restart: () => Promise.resolve(undefined),
    purgeWhere: () => Promise.resolve(0),
    signalEntity: () => Promise.resolve('accepted'),
    readEntity: () => Promise.resolve(undefined),
    listEntities: () => Promise.resolve({ entities: [] }),
    releaseLocks: () => Promise.resolve(0),
    trace: () => Promise.resolve({ kind: 'unknown', closest: [] }),
    open: () => undefined,
    close: () => Promise.resolve(),
  };
}
