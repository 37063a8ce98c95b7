import { setTimeout as pause } from 'node:timers/promises';

import type { Api, RunView } from './api';
import { changeLine, fleetTable, isOver } from './fleet-table';
import type { Screen } from './screen';

const everyMs = 500;

export interface Watch {
  readonly api: Api;
  readonly screen: Screen;
  /** Time to put in front of a line. */
  readonly clock: () => string;
  readonly signal: AbortSignal;
  /** Called after each look; says whether something else is still to be waited for. */
  readonly onLook: (runs: readonly RunView[]) => Promise<boolean>;
}

/** Shows the runs until all have ended and nothing else is waited for. */
export async function watchRuns({ api, screen, clock, signal, onLook }: Watch): Promise<RunView[]> {
  const before = new Map<string, RunView>();
  for (;;) {
    const runs = await api.runs();
    for (const run of runs) {
      const line = changeLine(before.get(run.id), run);
      if (line !== undefined && !screen.live) screen.line(`${clock()}  ${line}`);
      before.set(run.id, run);
    }
    screen.table(fleetTable(runs, screen));
    const waiting = await onLook(runs);
    if (signal.aborted || (!waiting && runs.every(({ state }) => isOver(state)))) return runs;
    await pause(everyMs);
  }
}
