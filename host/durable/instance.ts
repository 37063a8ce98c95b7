import { randomUUID } from 'node:crypto';
import type { HistoryEvent, InstanceRecord, RuntimeStatus } from './contract';

/** Who waits for an instance's result. */
export interface Parent {
  readonly key: number;
  readonly id: string;
  /** Number of the call in the parent's history. */
  readonly task: number;
}

/** An instance while the engine works on it. */
export interface Instance {
  /** Number in the store; never used twice. */
  readonly key: number;
  readonly id: string;
  readonly name: string;
  readonly version: string | undefined;
  readonly createdAt: number;
  parent: Parent | undefined;
  executionId: string;
  status: RuntimeStatus;
  input: string | undefined;
  output: string | undefined;
  customStatus: string | undefined;
  updatedAt: number;
  /** Names of the external events that it waits for. */
  awaits: readonly string[];
  /** 0 for the first execution, one more for each `continueAsNew`. */
  generation: number;
  history: HistoryEvent[];
  /** Rows that the store holds of the history. */
  rows: number;
}

export type NewInstance = Pick<
  Instance,
  'id' | 'executionId' | 'name' | 'version' | 'input' | 'createdAt' | 'parent'
>;

const ended: readonly RuntimeStatus[] = ['Completed', 'Failed', 'Terminated'];

/**
 * The id of an execution that no client started: the others have dashes. Ids of children that have none
 * of their own begin with it.
 */
export function newExecutionId(): string {
  return randomUUID().replaceAll('-', '');
}

/** Whether nothing more will happen to an instance in this state. */
export function isTerminal(status: RuntimeStatus): boolean {
  return ended.includes(status);
}

/** What the status API shows of an instance. */
export function recordOf(instance: Omit<Instance, 'history' | 'rows'>): InstanceRecord {
  const { version, input, output, customStatus, parent } = instance;
  return {
    instanceId: instance.id,
    name: instance.name,
    executionId: instance.executionId,
    runtimeStatus: instance.status,
    createdAt: instance.createdAt,
    updatedAt: instance.updatedAt,
    ...(version === undefined ? {} : { version }),
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    ...(customStatus === undefined ? {} : { customStatus }),
    ...(parent === undefined ? {} : { parentInstanceId: parent.id }),
  };
}
