import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const periodMicros = 100_000;

/** Where the kernel lets a group of processes have a share of a core: control groups 2, or 1. */
const kinds = [
  { root: '/sys/fs/cgroup', mark: 'cgroup.controllers', limit: 'cpu.max' },
  { root: '/sys/fs/cgroup/cpu', mark: 'cpu.cfs_quota_us', limit: 'cpu.cfs_quota_us' },
];

/** Why processes cannot be held to a share of a core here; undefined when they can. */
export const cpuShareProblem = tryOut();

function tryOut(): string | undefined {
  try {
    openGroup(1).close();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Runs work that starts processes behind `prefix`: these have that share of one core together. */
export async function withCpuShare<Result>(
  share: number,
  work: (prefix: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const { prefix, close } = openGroup(share);
  try {
    return await work(prefix);
  } finally {
    close();
  }
}

interface Group {
  readonly prefix: readonly string[];
  readonly close: () => void;
}

function openGroup(share: number): Group {
  const kind = kinds.find(({ root, mark }) => existsSync(join(root, mark)));
  if (!kind) throw new Error('there are no control groups.');
  const group = join(kind.root, `steward-bench-${process.pid}`);
  mkdirSync(group);
  const close = (): void => {
    rmdirSync(group);
  };
  const quota = Math.round(share * periodMicros);
  try {
    const limit = kind.limit === 'cpu.max' ? `${quota} ${periodMicros}` : String(quota);
    writeFileSync(join(group, kind.limit), limit, { flag: 'r+' });
  } catch (error) {
    close();
    throw error;
  }
  const enter = `echo $$ > '${group}/cgroup.procs' && exec "$@"`;
  return { prefix: ['sh', '-c', enter, 'sh'], close };
}
