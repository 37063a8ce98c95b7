import type { LogLevel } from '../log';
import type { FunctionHandler, FunctionMetadata } from './function-metadata';

/**
 * A value on its way between host and worker. In the worker a `string` is parsed when it is JSON, and
 * an empty union is `undefined`.
 */
export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly int?: number;
  readonly double?: number;
  readonly http?: unknown;
}

export interface NamedData {
  readonly name: string;
  readonly data: TypedData;
}

export type InvocationState = 'preInvocationHooks' | 'invocation' | 'postInvocationHooks';

/** What the SDK needs to build the `context` of an invocation. */
export interface CoreInvocation {
  readonly invocationId: string;
  readonly metadata: FunctionMetadata;
  state?: InvocationState;
  readonly request: {
    readonly invocationId: string;
    readonly functionId: string;
    readonly inputData: readonly NamedData[];
    readonly triggerMetadata: Readonly<Record<string, TypedData>>;
  };
  log(level: LogLevel, category: string, message: string): void;
}

export interface InvocationAnswer {
  readonly returnValue?: TypedData | null;
}

/** One invocation, as the SDK carries it out. */
export interface InvocationModel {
  getArguments(): Promise<{ context: object; inputs: unknown[] }>;
  invokeFunction(context: object, inputs: unknown[], handler: FunctionHandler): Promise<unknown>;
  getResponse(context: object, result: unknown): Promise<InvocationAnswer>;
}

type Capabilities = Record<string, string>;

/** The SDK's side of `@azure/functions-core`. */
export interface ProgrammingModel {
  readonly name: string;
  readonly version: string;
  getCapabilities(standard: Capabilities): Capabilities | Promise<Capabilities>;
  getInvocationModel(invocation: CoreInvocation): InvocationModel;
}
