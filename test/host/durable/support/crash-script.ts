import type { DurableEngine, InstanceRecord } from '../../../../host/durable/engine';

/** What was written down by this process and those before it. */
export interface Notes {
  note(line: string): void;
  noted(line: string): boolean;
}

interface Scene {
  readonly engine: DurableEngine;
  readonly notes: Notes;
}

/** Does the next thing that someone outside has to do for an instance; false when there is none. */
type Move = (scene: Scene, record: InstanceRecord) => Promise<boolean>;

interface Part {
  readonly id: string;
  readonly functionName: string;
  readonly input?: unknown;
  readonly move?: Move;
}

const raised = 15;
const suspended = 19;
const resumed = 20;

async function countOf({ engine }: Scene, id: string, type: number): Promise<number> {
  return (await engine.history(id)).filter(({ EventType }) => EventType === type).length;
}

const hasEnded = ({ runtimeStatus }: InstanceRecord): boolean =>
  ['Completed', 'Failed', 'Terminated'].includes(runtimeStatus);

/** Says a word for each time that the instance waits for one. */
const speak: Move = async (scene, record) => {
  if (hasEnded(record)) return false;
  const before = await countOf(scene, record.instanceId, raised);
  await scene.engine.raiseEvent(record.instanceId, 'word', JSON.stringify(`word ${before + 1}`));
  return true;
};

/** Two words reach the instance while it is suspended. */
const interrupt: Move = async (scene, record) => {
  const { engine } = scene;
  const id = record.instanceId;
  if (record.runtimeStatus === 'Suspended') {
    if ((await countOf(scene, id, raised)) < 2) return speak(scene, record);
    await engine.resume(id, 'go on');
    return true;
  }
  const wasSuspended = (await countOf(scene, id, suspended)) > 0;
  if (wasSuspended) return (await countOf(scene, id, resumed)) > 0 && speak(scene, record);
  await engine.suspend(id, 'hold on');
  return true;
};

const terminate: Move = async ({ engine }, record) => {
  if (hasEnded(record)) return false;
  await engine.terminate(record.instanceId, 'enough');
  return true;
};

/** First what failed in the instance is repaired, then what failed in its child. */
const repair: Move = async ({ engine, notes }, { instanceId, runtimeStatus }) => {
  if (runtimeStatus !== 'Failed') return false;
  const first = !notes.noted(`repaired ${instanceId}`);
  const child = await engine.status('fragile-child');
  if (child?.runtimeStatus === 'Failed') notes.note('repaired fragile-child');
  else if (first) notes.note(`repaired ${instanceId}`);
  await engine.rewind(instanceId, 'repaired');
  return true;
};

const purge: Move = async ({ engine, notes }, record) => {
  if (!hasEnded(record)) return false;
  notes.note(`purging ${record.instanceId}`);
  await engine.purge(record.instanceId);
  return true;
};

/** Together these take every action that there is, and are treated in every way there is. */
export const parts: readonly Part[] = [
  { id: 'polls', functionName: 'polls' },
  { id: 'chain', functionName: 'chain' },
  { id: 'fan', functionName: 'fan' },
  { id: 'retries', functionName: 'retries' },
  { id: 'sleeps', functionName: 'sleeps' },
  { id: 'parent', functionName: 'parent' },
  { id: 'loop', functionName: 'loop', input: { turn: 1, heard: [] }, move: speak },
  { id: 'listens', functionName: 'listens', move: speak },
  { id: 'paused', functionName: 'listens', move: interrupt },
  { id: 'transfer-1', functionName: 'transfer', input: { from: 'left', to: 'right' } },
  { id: 'transfer-2', functionName: 'transfer', input: { from: 'right', to: 'left' } },
  { id: 'forgets', functionName: 'forgets its lock' },
  { id: 'doomed', functionName: 'waits', move: terminate },
  { id: 'fragile', functionName: 'fragile', move: repair },
  { id: 'purged', functionName: 'chain', move: purge },
];

/** Starts what has not been started, or does one thing for each instance; false when nothing is to do. */
export async function act(scene: Scene): Promise<boolean> {
  let acted = false;
  for (const part of parts) {
    const record = await scene.engine.status(part.id);
    if (record !== undefined) {
      if (await part.move?.(scene, record)) acted = true;
    } else if (!scene.notes.noted(`purging ${part.id}`)) {
      await start(scene, part);
      acted = true;
    }
  }
  return acted;
}

async function start({ engine, notes }: Scene, part: Part): Promise<void> {
  const { id: instanceId, functionName, input } = part;
  await engine.start({ instanceId, functionName, input: JSON.stringify(input ?? null) });
  notes.note(`accepted ${instanceId}`);
}

/** Whether everything has come to its end. */
export async function isOver({ engine }: Scene): Promise<boolean> {
  const records = await Promise.all(parts.map(({ id }) => engine.status(id)));
  return records.every((record) => record === undefined || hasEnded(record));
}
