import { chains } from './chains';
import { children } from './children';
import { clients } from './clients';
import { control } from './control';
import { customStatus } from './custom-status';
import { entities } from './entities';
import { events } from './events';
import { failureDetails } from './failure-details';
import { failures } from './failures';
import { hazards } from './hazards';
import { httpCalls } from './http-calls';
import { allowedActions, limits } from './limits';
import { management } from './management';
import { renewals } from './renewals';
import { retries } from './retries';
import type { Topic } from './scenario';
import { timers } from './timers';
import { valueKinds } from './values';
import { versions } from './versions';

/** Topics that share an app, and what its `host.json` says about Durable Functions. */
export interface Repertoire {
  readonly topics: readonly Topic[];
  readonly durableTask: Readonly<Record<string, unknown>>;
}

/** The apps that are served, by name. */
export const repertoires = {
  standard: {
    durableTask: {},
    topics: [
      ...[chains, children, retries, timers, events, renewals, customStatus, entities, failures],
      ...[valueKinds, control, httpCalls, management, clients, hazards],
    ],
  },
  /** For several workers: each must have instances of its own to look after. */
  shared: {
    durableTask: { storageProvider: { partitionCount: 4 } },
    topics: [chains, children, retries, timers, renewals, entities],
  },
  configured: {
    durableTask: { defaultVersion: '2.0', maxOrchestrationActions: allowedActions },
    topics: [versions, limits, failureDetails],
  },
} as const satisfies Record<string, Repertoire>;
