import { at, isObject, objectAt, textAt } from '../../json';
import type { Json, JsonObject } from '../../json';
import { usesEntra, callerOf } from '../../kubernetes/caller';
import { runScript } from '../../kubernetes/run-command/run-script';
import { zipFiles } from '../../kubernetes/run-command/zip-files';
import { Authority } from '../../kubernetes/tls/authority';
import { aksError, notFound, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import { visible } from '../../resource-store';
import type { World } from '../../world';
import { onCluster } from './cluster';
import type { Cluster } from './cluster';
import { refusedState } from './preconditions';

const seconds = 20;
const mostOutput = 512 * 1024; // where the real one cuts

/**
 * Accepts a command for the cluster and runs it as the holder of `clusterToken`, private cluster or not. What it can do
 * is what `runScript` knows; everything else ends with an exit code of 127, or 2 for a script that it cannot read.
 */
export const runCommand = onCluster((cluster, request, world) => {
  const { body } = request;
  const command = textAt(body, 'command');
  if (!isObject(body) || command === undefined) {
    return aksError(400, 'InvalidParameter', 'The request body needs a command.');
  }
  if (at(cluster, 'properties', 'apiServerAccessProfile', 'disableRunCommand') === true) {
    return aksError(400, 'RunCommandDisabled', 'Run command is disabled on this cluster.');
  }
  const refused = refusedState(cluster, world);
  if (refused) return refused;
  const result = resultOf(cluster, body, world);
  const id = `${cluster.id}/commandResults/${world.guid().replaceAll('-', '')}`;
  const startedAt = world.clock.now();
  world.resources.put({
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    $truth: { startedAt, result },
  });
  return { status: 202, headers: { location: location(request, id) } };
});

function resultOf(cluster: Cluster, body: JsonObject, world: World): JsonObject {
  const user = userOf(cluster, textAt(body, 'clusterToken') ?? '', world);
  const files = filesIn(textAt(body, 'context') ?? '');
  if (typeof files === 'string') {
    return { exitCode: null, logs: '', reason: `The context cannot be unpacked: ${files}.` };
  }
  const pod = { cluster: cluster.id, world, user, files };
  const { exitCode, log } = runScript(textAt(body, 'command') ?? '', pod);
  return { exitCode, logs: log.subarray(0, mostOutput).toString('utf8') };
}

/** Commands have full rights where Entra is not integrated; where it is, they have those of the token. */
function userOf(cluster: Cluster, token: string, world: World): string | undefined {
  if (!usesEntra(cluster)) return 'masterclient';
  const credentials = { certificateName: undefined, authorization: `Bearer ${token}` };
  return callerOf(credentials, cluster, new Authority(world.seed, cluster.id));
}

function filesIn(context: string): ReadonlyMap<string, Buffer> | string {
  if (context === '') return new Map<string, Buffer>();
  try {
    return zipFiles(Buffer.from(context, 'base64'));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** 202 while the command runs, then its result. */
export function getCommandResult(request: ArmRequest, world: World): ArmResponse {
  const found = world.resources.get(request.id);
  if (found === undefined) return notFound(request.id);
  const startedAt = Number(at(found.$truth, 'startedAt') ?? 0);
  const finishedAt = startedAt + seconds * 1000;
  if (world.clock.now() < finishedAt) {
    return { status: 202, headers: { location: location(request, found.id), 'retry-after': '5' } };
  }
  const { exitCode = 0, logs = '', reason = '' } = objectAt(found.$truth, 'result');
  const properties: JsonObject = {
    provisioningState: stateOf(exitCode),
    ...(exitCode !== null && { exitCode }),
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(finishedAt).toISOString(),
    logs,
    reason,
  };
  return { status: 200, body: { ...visible(found), id: param(request, 'command'), properties } };
}

/** A command that ran has succeeded, whatever its exit code is. */
function stateOf(exitCode: Json): string {
  return exitCode === null ? 'Failed' : 'Succeeded';
}

function location({ origin }: ArmRequest, id: string): string {
  return `${origin}${id}?api-version=2026-06-01`;
}
