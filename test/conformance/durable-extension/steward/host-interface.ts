// What the host gives to the SDK. Code beside the app uses it too: a second SDK would register everything twice.
import { createRequire } from 'node:module';

import type { InvocationContext } from '@azure/functions';

type Handler = (...inputs: never[]) => unknown;

export interface BeforeInvocation {
  readonly invocationContext: InvocationContext;
  /** Runs in place of the function when it is replaced. */
  functionCallback: Handler;
}

interface HostInterface {
  readonly registerHook: (name: 'preInvocation', hook: (call: BeforeInvocation) => void) => unknown;
  readonly registerFunction: (
    metadata: { readonly name: string; readonly bindings: Readonly<Record<string, object>> },
    handler: Handler,
  ) => unknown;
}

export const { registerHook, registerFunction } = createRequire(import.meta.url)(
  '@azure/functions-core',
) as HostInterface;
