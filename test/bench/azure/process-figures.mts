import { readFileSync } from 'node:fs';

/** Clock ticks in a second, as Linux tells user programs. */
const ticksPerSecond = 100;

/** Seconds of processor that a process has used; NaN where the system does not tell. */
export function cpuSecondsOf(pid: number): number {
  const fields =
    read(`/proc/${pid}/stat`)
      ?.replace(/^.*\) /s, '')
      .split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** The most memory that a process ever had, in MB; NaN where the system does not tell. */
export function peakMbOf(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(read(`/proc/${pid}/status`) ?? '') ?? [];
  return Number(kilobytes) / 1000;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // no Linux
  }
}
