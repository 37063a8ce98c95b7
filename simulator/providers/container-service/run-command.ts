import { at, isObject, textAt } from '../../json';
import type { JsonObject } from '../../json';
import { aksError, notFound, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import { visible } from '../../resource-store';
import type { World } from '../../world';
import { onCluster } from './cluster';
import { refusedState } from './preconditions';

const seconds = 20;

/** Accepts a command for the cluster. There is no Kubernetes behind it: every command succeeds and prints nothing. */
export const runCommand = onCluster((cluster, request, world) => {
  if (!isObject(request.body) || textAt(request.body, 'command') === undefined) {
    return aksError(400, 'InvalidParameter', 'The request body needs a command.');
  }
  if (at(cluster, 'properties', 'apiServerAccessProfile', 'disableRunCommand') === true) {
    return aksError(400, 'RunCommandDisabled', 'Run command is disabled on this cluster.');
  }
  const refused = refusedState(cluster, world);
  if (refused) return refused;
  const id = `${cluster.id}/commandResults/${world.guid().replaceAll('-', '')}`;
  const startedAt = world.clock.now();
  world.resources.put({ id, name: id.slice(id.lastIndexOf('/') + 1), $truth: { startedAt } });
  return { status: 202, headers: { location: location(request, id) } };
});

/** 202 while the command runs, then its result. */
export function getCommandResult(request: ArmRequest, world: World): ArmResponse {
  const found = world.resources.get(request.id);
  if (found === undefined) return notFound(request.id);
  const startedAt = Number(at(found.$truth, 'startedAt') ?? 0);
  const finishedAt = startedAt + seconds * 1000;
  if (world.clock.now() < finishedAt) {
    return { status: 202, headers: { location: location(request, found.id), 'retry-after': '5' } };
  }
  const properties: JsonObject = {
    provisioningState: 'Succeeded',
    exitCode: 0,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(finishedAt).toISOString(),
    logs: '',
    reason: '',
  };
  return { status: 200, body: { ...visible(found), id: param(request, 'command'), properties } };
}

function location({ origin }: ArmRequest, id: string): string {
  return `${origin}${id}?api-version=2026-06-01`;
}
