import type { WorkloadMigration } from './document';
import { objectAt, objectsIn, textIn } from './json';
import { isPatched, isPatchedTemplate, nameOf, rolloutOf } from './pods';
import type { RolloutReading } from './pods';
import type { Json } from './snapshot';

export interface SoakReading extends RolloutReading {
  /** Token requests to NMI since the rollout, by the address of the pod that asked. */
  readonly askedNmi: ReadonlySet<string>;
  /** NMI pods of which neither log nor metric says whether its namespace asked them. */
  readonly inDoubt: number;
  /** ISO time of the rollout. */
  readonly since: string;
}

/** What a soak says of a workload: nothing is wrong, something is, or something has not happened yet. */
export type SoakVerdict =
  | { readonly state: 'well' }
  | { readonly state: 'broken'; readonly reason: string }
  | { readonly state: 'waiting'; readonly reason: string };

/** Judges a workload that runs with its patch. Pure. */
export function soakVerdict(reading: SoakReading, workload: WorkloadMigration): SoakVerdict {
  if (!isPatchedTemplate(reading.object, workload)) {
    return workload.delivery === 'pull-request'
      ? { state: 'waiting', reason: 'The patch is not merged yet.' }
      : { state: 'broken', reason: 'Somebody has taken the patch out of the template.' };
  }
  const [reason] = [...faultsOfPods(reading, workload), ...faultsOfRollout(reading, workload)];
  if (reason !== undefined) return { state: 'broken', reason };
  if (reading.inDoubt > 0) {
    const text = `Neither log nor metric of ${reading.inDoubt} NMI pods shows that its namespace does not ask them.`;
    return { state: 'waiting', reason: text };
  }
  if (workload.kind === 'CronJob' && !hasRun(reading)) {
    return { state: 'waiting', reason: 'It has not run to its end since it was patched.' };
  }
  return { state: 'well' };
}

function faultsOfPods(
  { pods, askedNmi }: SoakReading,
  workload: WorkloadMigration,
): readonly string[] {
  return pods
    .filter((pod) => isPatched(pod, workload))
    .flatMap((pod) => {
      const address = textIn(objectAt(pod, 'status')['podIP']);
      const blind = objectsIn(objectAt(pod, 'spec')['containers']).every(
        ({ env }) => !objectsIn(env).some(({ name }) => name === 'AZURE_FEDERATED_TOKEN_FILE'),
      );
      return [
        ...(blind ? [`The pod ${nameOf(pod)} was born without a federated token.`] : []),
        ...(askedNmi.has(address)
          ? [`The pod ${nameOf(pod)} still asks pod identity for tokens.`]
          : []),
      ];
    });
}

function faultsOfRollout(reading: SoakReading, workload: WorkloadMigration): readonly string[] {
  return workload.kind === 'CronJob' ? [] : rolloutOf(reading, workload).problems;
}

function hasRun({ object, since }: { readonly object: Json; readonly since: string }): boolean {
  const last = textIn(objectAt(object, 'status')['lastSuccessfulTime']);
  return last !== '' && new Date(last).getTime() >= new Date(since).getTime();
}

/** Places in a list of workloads, by what is the matter with them. */
export interface SoakCheck {
  readonly well: readonly number[];
  readonly waiting: readonly number[];
  /** What is to be put back. */
  readonly broken: readonly WorkloadMigration[];
  readonly stopped: boolean;
}
