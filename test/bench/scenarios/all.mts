import type { Scenario } from '../scenario.mts';
import { api } from './api.mts';
import { diskSyncs } from './disk-syncs.mts';
import { events } from './events.mts';
import { fanOut } from './fan-out.mts';
import { longSequence, longSequenceInParts } from './long-sequence.mts';
import { manySequences } from './many-sequences.mts';
import { parked } from './parked.mts';
import { recovery } from './recovery.mts';
import { timers } from './timers.mts';

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [
  manySequences,
  fanOut,
  events,
  timers,
  longSequence,
  longSequenceInParts,
  diskSyncs,
  parked,
  recovery,
  api,
];
