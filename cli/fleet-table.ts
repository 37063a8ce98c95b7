import type { RunView } from './api';

const glyphs: Readonly<Record<string, string>> = {
  queued: '·',
  running: '▸',
  waiting: '◷',
  succeeded: '✓',
  failed: '✗',
};

/**
 * The fleet as lines of a table: cluster, state, step, progress, what it waits for.
 *
 * @param height lines there is room for; runs that have ended make room for the others.
 */
export function fleetTable(
  runs: readonly RunView[],
  { width, height }: { readonly width: number; readonly height: number },
): readonly string[] {
  const names = Math.min(40, Math.max(7, ...runs.map(({ cluster }) => cluster.name.length)));
  const header = row(
    { name: 'CLUSTER', state: 'STATE', step: 'STEP', done: 'PROGRESS', why: 'WAITING FOR' },
    names,
  );
  const shown = runs.length <= height - 2 ? byName(runs) : busiestFirst(runs).slice(0, height - 2);
  const rows = shown.map((run) => row(cellsOf(run), names));
  const ended = runs.filter(({ state }) => isOver(state)).length;
  const failed = runs.filter(({ state }) => state === 'failed').length;
  const footer = `${ended} of ${runs.length} done${failed > 0 ? `, ${failed} failed` : ''}`;
  return [header, ...rows, footer].map((line) => line.slice(0, width));
}

export function isOver(state: string): boolean {
  return state === 'succeeded' || state === 'failed';
}

interface Cells {
  readonly name: string;
  readonly state: string;
  readonly step: string;
  readonly done: string;
  readonly why: string;
}

function row({ name, state, step, done, why }: Cells, names: number): string {
  return [
    name.slice(0, names).padEnd(names),
    state.padEnd(11),
    step.padEnd(21),
    done.padEnd(10),
    why,
  ].join('  ');
}

function cellsOf(run: RunView): Cells {
  const { cluster, state, progress } = run;
  return {
    name: cluster.name,
    state: `${glyphs[state] ?? '?'} ${state}`,
    step: isOver(state) ? '' : (progress?.step ?? ''),
    done: bar(shareDone(run)),
    why: reasonFor(run),
  };
}

function byName(runs: readonly RunView[]): readonly RunView[] {
  return [...runs].sort((a, b) => (a.cluster.name < b.cluster.name ? -1 : 1));
}

function shareDone({ state, progress }: RunView): number {
  if (state === 'succeeded') return 1;
  return progress ? progress.done / Math.max(1, progress.total) : 0;
}

function reasonFor({ failure, wait }: RunView): string {
  return failure ? `${failure.code}: ${failure.message}` : (wait?.text ?? '');
}

function bar(share: number): string {
  const filled = Math.round(share * 10);
  return '█'.repeat(filled) + '░'.repeat(10 - filled);
}

function busiestFirst(runs: readonly RunView[]): readonly RunView[] {
  const rank = ({ state }: RunView) =>
    ['failed', 'waiting', 'running', 'queued', 'succeeded'].indexOf(state);
  return [...runs].sort((a, b) => rank(a) - rank(b));
}

/** What happened to a run since the last look, as one line; nothing when nothing did. */
export function changeLine(before: RunView | undefined, run: RunView): string | undefined {
  const now = describe(run);
  return before && describe(before) === now ? undefined : `${run.cluster.name}: ${now}`;
}

function describe({ state, progress, wait, failure, applied }: RunView): string {
  if (failure) return `failed (${failure.code}): ${failure.message} ${failure.next ?? ''}`.trim();
  if (state === 'succeeded') return `in order, ${applied} ${applied === 1 ? 'step' : 'steps'} done`;
  if (!progress || state === 'queued') return 'waits for its turn';
  const { step, done, total } = progress;
  const at = total > 1 ? `${step} (${done + 1}/${total})` : step;
  return wait ? `${at}, waiting: ${wait.text}` : at;
}
