import { parseArgs } from 'node:util';

/** How `npm start` was asked to run. */
export interface StartOptions {
  /** End when the fleet is in order, or cannot get there. */
  readonly once: boolean;
  readonly clusters: number;
  readonly seed: number;
  /** Simulated seconds in one real second. */
  readonly speed: number;
  /** The API's port; the simulated Azure listens on the next one. */
  readonly port: number;
  /** Folder that keeps everything between starts; chosen by {@link defaultFolder} when absent. */
  readonly data: string | undefined;
  /** The summary as JSON on the last line. */
  readonly json: boolean;
  /** Runs what is in the deployable zip, unpacked, instead of the folder that it was made from. */
  readonly bundle: boolean;
  /** What is shown: a fleet that is brought in order, or a cluster that leaves pod identity. */
  readonly scenario: 'fleet' | 'pod-identity';
}

export const usage = `npm start -- [options]
  --once          end with exit code 0 when the fleet is in order, non-zero otherwise
  --clusters N    size of the simulated fleet (25)
  --seed S        which fleet it is: the same seed gives the same one (1)
  --speed X       simulated seconds in one real second (180)
  --port P        port of the API; the simulated Azure takes P+1 (7071)
  --data DIR      where everything is kept; a second start with the same folder goes on (.data)
  --json          a summary as JSON on the last line
  --bundle        run the app out of .deploy.zip, as Azure would
  --scenario NAME pod-identity: one cluster with 30 workloads that leave pod identity (fleet)`;

/** A mistake on the command line or in what it names: one sentence and what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError that names the option. */
export function parseStart(args: readonly string[]): StartOptions {
  const { values } = read(args);
  return {
    once: values.once ?? false,
    json: values.json ?? false,
    bundle: values.bundle ?? false,
    data: values.data,
    clusters: number('clusters', values.clusters ?? '25', { least: 1, most: 10_000, whole: true }),
    seed: number('seed', values.seed ?? '1', { least: 0, most: 2 ** 31, whole: true }),
    speed: number('speed', values.speed ?? '180', { least: 1, most: 10_000, whole: false }),
    scenario: scenario(values.scenario ?? 'fleet'),
    port: number('port', values.port ?? '7071', { least: 1, most: 65_534, whole: true }),
  };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean' },
        json: { type: 'boolean' },
        bundle: { type: 'boolean' },
        data: { type: 'string' },
        clusters: { type: 'string' },
        seed: { type: 'string' },
        speed: { type: 'string' },
        port: { type: 'string' },
        scenario: { type: 'string' },
      },
    });
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error);
    throw new UsageError(`${message}.\n${usage}`);
  }
}

function scenario(name: string): StartOptions['scenario'] {
  if (name === 'fleet' || name === 'pod-identity') return name;
  throw new UsageError(`--scenario is '${name}'; it must be fleet or pod-identity.`);
}

function number(
  name: string,
  text: string,
  { least, most, whole }: { least: number; most: number; whole: boolean },
): number {
  const value = Number(text);
  if (
    text.trim() !== '' &&
    value >= least &&
    value <= most &&
    (!whole || Number.isInteger(value))
  ) {
    return value;
  }
  throw new UsageError(
    `--${name} is '${text}'; it must be ${whole ? 'a whole number' : 'a number'} from ${least} to ${most}.`,
  );
}
