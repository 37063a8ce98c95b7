import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { appFolder, type Host } from '../host.mts';
import type { Launch } from '../program.mts';
import { type Figures, type Scenario, withHost } from '../scenario.mts';

const aloneSteps = 1000;
const instances = 1000;
const steps = 5;

/** Whether system calls can be counted here; without it, transactions stand for syncs of the disk. */
export const hasStrace = spawnSync('strace', ['-V']).status === 0;

/** P7: how often the disk is synced for an activity. */
export const diskSyncs: Scenario = {
  name: 'P7',
  title: 'syncs of the disk for each activity',
  run: ({ folder }) => {
    const log = join(folder, 'syncs.log');
    const strace = ['strace', '-f', '--seccomp-bpf', '-o', log, '-e', 'trace=fsync,fdatasync'];
    const counter = pathToFileURL(join(appFolder, 'count-commits.mjs')).href;
    const launch: Launch = {
      ...(hasStrace && { prefix: strace }),
      nodeFlags: ['--import', counter],
    };
    return withHost(join(folder, 'host'), (host) => measure(host, log), launch);
  },
};

async function measure(host: Host, log: string): Promise<Figures> {
  const count = async (): Promise<{ commits: number; syncs: number }> => {
    const { commits } = await host.process();
    return { commits, syncs: hasStrace ? syncsIn(log) : commits };
  };
  await host.startInstance('sequence', 'warm', { steps });
  await host.idle();
  const start = await count();
  await host.startInstance('sequence', 'alone', { steps: aloneSteps });
  await host.idle();
  const alone = await count();
  await host.startMany(instances, 'sequence', { prefix: 'p7', input: { steps } });
  await host.idle();
  const together = await count();
  return {
    // One more than the steps is the start, which is on disk before its caller gets an answer.
    syncsPerStepAlone: (alone.syncs - start.syncs - 1) / aloneSteps,
    commitsPerStepAlone: (alone.commits - start.commits - 1) / aloneSteps,
    syncsPerStepTogether: (together.syncs - alone.syncs) / (instances * steps),
    commitsPerStepTogether: (together.commits - alone.commits) / (instances * steps),
  };
}

function syncsIn(log: string): number {
  return readFileSync(log, 'utf8').match(/\b(fsync|fdatasync)\(/g)?.length ?? 0;
}
