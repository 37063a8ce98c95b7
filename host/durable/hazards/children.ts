import type { Decision } from '../orchestrations/actions';
import type { HistoryEvent } from '../contract';
import { EventType } from '../history';
import { idProblem } from '../instance-id';
import type { Hazard } from './hazard';
import { failure, warning } from './hazard';

type Child = Extract<Decision, { kind: 'child' }>;

/** Children that were given an id of their own. `isLive` asks the store for each of them. */
export function childIdHazards(
  decisions: readonly Decision[],
  isLive: (id: string) => boolean,
): Hazard[] {
  const children = decisions.filter((decision): decision is Child => decision.kind === 'child');
  const seen = new Set<string>();
  return children.flatMap(({ instanceId: id, name }) => {
    if (id === undefined) return [];
    const isTaken = seen.has(id) || isLive(id);
    seen.add(id);
    return [...(isTaken ? [replacedHazard(name, id)] : []), ...oddIdHazards(id)];
  });
}

/** An id that the documentation of Durable Functions rules out; it works in most places. */
export function oddIdHazards(instanceId: string): Hazard[] {
  const problem = idProblem(instanceId);
  return problem === undefined ? [] : [warning('OddInstanceId', problem)];
}

function replacedHazard(name: string, id: string): Hazard {
  return failure(
    'ChildReplacesInstance',
    `the child '${name}' is started with the id of the live instance ${id}; Azure replaces that instance without a word, and what it was doing is lost. Put the parent's own instance id into the ids of its children, or leave them out.`,
  );
}

/** The SDK cannot read how Azure reports the end of a terminated child. */
export function terminatedChildHazard(history: readonly HistoryEvent[]): Hazard[] {
  const ended = history.findLast(
    ({ EventType: type, Details: details }) =>
      type === EventType.SubOrchestrationInstanceFailed && details === null,
  );
  if (ended === undefined) return [];
  const child = history.find(
    ({ EventType: type, EventId: id }) =>
      type === EventType.SubOrchestrationInstanceCreated && id === ended['TaskScheduledId'],
  );
  return [
    failure(
      'ChildTerminated',
      `the child ${String(child?.['InstanceId'])} was terminated; on Azure its parent then fails as non-deterministic, even if it catches the error. Do not terminate children: let them wait for an event that ends them.`,
    ),
  ];
}

/** Azure keeps an instance whose version is newer than the host's for a host that is newer. */
export function versionHazard(version: string, hostVersion: string | undefined): Hazard {
  if (hostVersion !== undefined) {
    return warning(
      'VersionWaits',
      `the instance has version ${version} and stays Pending, since defaultVersion in host.json is ${hostVersion}. Deploy a host of that version, or start it with an older one.`,
    );
  }
  return failure(
    'VersionNeverRuns',
    `the instance has version ${version} and host.json has no extensions.durableTask.defaultVersion; on Azure it stays Pending for ever. Set defaultVersion to the newest version of the app, or start it without a version.`,
  );
}
