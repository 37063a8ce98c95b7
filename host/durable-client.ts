import { type DurableAddress, toClientInput } from './durable-http/management-urls';
import type { Invocation } from './invocation/invoke';
import type { AppFunction } from './loading/function-metadata';
import type { NamedData } from './loading/programming-model';

/** Values for the durable clients that a function takes as further inputs. */
export interface DurableClients {
  readonly inputsOf: (appFunction: AppFunction) => NamedData[];
  /** The invocation with those values added */
  readonly complete: (invocation: Invocation) => Invocation;
}

export function toDurableClients(address: DurableAddress, rpcBaseUrl: string): DurableClients {
  const data = { string: JSON.stringify(toClientInput(address, rpcBaseUrl)) };
  const inputsOf = (appFunction: AppFunction): NamedData[] =>
    Object.entries(appFunction.metadata.bindings)
      .filter(([, { type }]) => /^(?:durableClient|orchestrationClient)$/i.test(type))
      .map(([name]) => ({ name, data }));
  return {
    inputsOf,
    complete: (invocation) => ({
      ...invocation,
      inputData: [...(invocation.inputData ?? []), ...inputsOf(invocation.function)],
    }),
  };
}
