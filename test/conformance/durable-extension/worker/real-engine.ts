import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import type { JsonObject } from '../../../../host/json';
import type { AppFunction } from '../../../../host/loading/function-metadata';
import type { Answer, FunctionCall } from './function-calls';

export interface EngineStart {
  /** The built program */
  readonly dll: string;
  readonly functions: readonly AppFunction[];
  /** Connection string */
  readonly storage: string;
  /** Key of the Durable HTTP API */
  readonly code: string;
  /** Where callers reach this app, as links to the Durable HTTP API begin */
  readonly publicUrl: string;
  /** `extensions.durableTask` of host.json */
  readonly durableTask: JsonObject;
  readonly logLevel: string;
  readonly answer: (call: FunctionCall) => Promise<Answer>;
}

/** The Durable extension, running in a process of its own. */
export interface RealEngine {
  /** Where it serves the Durable HTTP API */
  readonly url: string;
  /** What a durable client input is given */
  readonly client: string;
  readonly pid: number | undefined;
  /** Resolves when it has ended, by itself or not. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

interface Message {
  readonly ready?: { readonly url: string; readonly client: string };
  readonly call?: FunctionCall;
}

/** Functions that the extension runs; other triggers are none of its business. */
const durable = /^(?:orchestration|activity|entity)Trigger$/;

const attempts = 3;

/**
 * Starts the engine and waits until it works. It is started again when it ends before that: the
 * extension looks for a free port, and an engine that starts at the same moment may find the same one.
 * @throws with how it ended, if it does so time and again
 */
export async function startRealEngine(start: EngineStart): Promise<RealEngine> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(start);
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}

async function startOnce(start: EngineStart): Promise<RealEngine> {
  const child = spawn('dotnet', [start.dll], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  child.stdin.on('error', () => undefined); // it has ended, which says it all
  const send = (message: object): void => {
    if (child.stdin.writable) child.stdin.write(`${JSON.stringify(message)}\n`);
  };
  send({ start: toStartLine(start) });
  const ready = await new Promise<NonNullable<Message['ready']>>((resolve, reject) => {
    void ended.then(([code]) => {
      reject(new Error(`The engine ended with ${String(code)} before it was ready.`));
    });
    createInterface(child.stdout).on('line', (line) => {
      const message = JSON.parse(line) as Message;
      if (message.ready) resolve(message.ready);
      if (message.call) void answer(message.call, start, send);
    });
  });
  return { ...ready, pid: child.pid, ended, stop: () => stop(child, send, ended) };
}

function toStartLine(start: EngineStart): object {
  const { functions, storage, code, publicUrl, durableTask, logLevel } = start;
  return {
    ...{ storage, code, publicUrl, durableTask, logLevel },
    functions: functions
      .filter(({ trigger, disabled }) => durable.test(trigger.type) && !disabled)
      .map(({ name, trigger }) => ({ name, trigger: trigger.type })),
  };
}

async function answer(
  call: FunctionCall,
  start: EngineStart,
  send: (message: object) => void,
): Promise<void> {
  send({ answer: { id: call.id, ...(await start.answer(call)) } });
}

async function stop(
  child: ChildProcess,
  send: (message: object) => void,
  ended: Promise<unknown>,
): Promise<void> {
  send({ stop: true });
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(timer);
}
