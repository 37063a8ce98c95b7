import { OrchestrationRuntimeStatus } from 'durable-functions';
import type { DurableClient, DurableOrchestrationStatus } from 'durable-functions';

/** The status of an instance, or nothing when the engine does not know it. */
export async function findInstance(
  client: DurableClient,
  instanceId: string,
): Promise<DurableOrchestrationStatus | undefined> {
  try {
    return await client.getStatus(instanceId);
  } catch (error) {
    // durable-functions 3.x reports an unknown instance only by the text of an Error.
    if (error instanceof Error && error.message.includes('HTTP 404')) return undefined;
    throw error;
  }
}

const live: readonly OrchestrationRuntimeStatus[] = [
  OrchestrationRuntimeStatus.Pending,
  OrchestrationRuntimeStatus.Running,
  OrchestrationRuntimeStatus.Suspended,
  OrchestrationRuntimeStatus.ContinuedAsNew,
];

export function isLive(status: DurableOrchestrationStatus | undefined): boolean {
  return status !== undefined && live.includes(status.runtimeStatus);
}

export interface StartRequest {
  readonly orchestration: string;
  readonly instanceId: string;
  readonly input: unknown;
}

/**
 * Starts an instance unless one of its id has ever been started: live or ended. A start that loses a
 * race against the same start counts as done.
 *
 * @returns whether this call started it.
 */
export async function startEver(client: DurableClient, request: StartRequest): Promise<boolean> {
  const { orchestration, instanceId, input } = request;
  if (await findInstance(client, instanceId)) return false;
  try {
    await client.startNew(orchestration, { instanceId, input });
    return true;
  } catch (error) {
    if (await findInstance(client, instanceId)) return false;
    throw error;
  }
}

/** As {@link startEver}, but an instance that has ended is started anew. */
export async function startUnlessLive(
  client: DurableClient,
  request: StartRequest,
): Promise<boolean> {
  const { orchestration, instanceId, input } = request;
  if (isLive(await findInstance(client, instanceId))) return false;
  try {
    await client.startNew(orchestration, { instanceId, input });
    return true;
  } catch (error) {
    if (isLive(await findInstance(client, instanceId))) return false;
    throw error;
  }
}
