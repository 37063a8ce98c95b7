import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { buildHost, root } from '../host/support/build-host';
import { startCalledServer } from './support/called-server';
import { Player } from './support/player';
import { loadRecordings, type Recording } from './support/recording';
import { startRecordedHost } from './support/recorded-host';

const recordings = loadRecordings(join(root, 'test/data/functions-host/cases'));
const deviations = JSON.parse(readFileSync(join(__dirname, 'deviations.json'), 'utf8')) as Record<
  string,
  string
>;

const minutes = 60_000;
const atOnce = 8;

type Verdict = readonly [id: string, difference: string];

/** Plays recordings on a host of their own; those that may not share it come last, one by one. */
async function play(
  cases: readonly Recording[],
  configuration: 'first' | 'second',
): Promise<Verdict[]> {
  const called = await startCalledServer();
  const host = await startRecordedHost(mainFile, called.origin, configuration);
  const verdicts: Verdict[] = [];
  const playOne = async (recording: Recording): Promise<void> => {
    const found = await new Player(host.world, recording).play();
    verdicts.push([recording.id, found === undefined ? '' : JSON.stringify(found).slice(0, 900)]);
  };
  const shared = cases
    .filter(({ play: mode }) => mode === undefined)
    .sort((a, b) => b.wallMs - a.wallMs);
  const worker = async (): Promise<void> => {
    for (let next = shared.shift(); next; next = shared.shift()) await playOne(next);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  for (const recording of inTurn(cases.filter(({ play: mode }) => mode !== undefined))) {
    await playOne(recording);
  }
  await host.stop();
  called.close();
  return verdicts;
}

/** Each one after those that it names in `after`. */
function inTurn(cases: readonly Recording[]): Recording[] {
  return [...cases].sort(
    (a, b) => Number(a.after?.includes(b.id)) - Number(b.after?.includes(a.id)),
  );
}

let mainFile: string;
const verdicts = new Map<string, string>();

beforeAll(async () => {
  mainFile = await buildHost();
  const shared = recordings.filter(({ play: mode }) => mode !== 'isolated');
  const second = ({ configuration }: Recording): boolean => configuration === 'second';
  const groups = [
    await play(
      shared.filter((recording) => !second(recording)),
      'first',
    ),
    await play(shared.filter(second), 'second'),
  ];
  for (const recording of recordings.filter(({ play: mode }) => mode === 'isolated')) {
    groups.push(await play([recording], 'first'));
  }
  for (const [id, difference] of groups.flat()) verdicts.set(id, difference);
}, 15 * minutes);

describe('the local Functions host, held against recordings of the real one', () => {
  const expected = recordings.filter(({ id }) => !Object.hasOwn(deviations, id));

  it.each(expected.map(({ id }) => id))('does the same in %s', (id) => {
    const difference = verdicts.get(id);

    expect(difference).toBe('');
  });

  it.each(Object.entries(deviations))('still differs in %s: %s', (id) => {
    const difference = verdicts.get(id);

    expect(difference).toMatch(/./);
  });

  it('differs in no more than 12 recordings', () => {
    const count = Object.keys(deviations).length;

    expect(count).toBeLessThanOrEqual(12);
  });
});
