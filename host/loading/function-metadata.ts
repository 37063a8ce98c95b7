import { HostError } from '../host-error';

export interface Binding {
  readonly type: string;
  readonly direction?: string;
  readonly [property: string]: unknown;
}

/** What the SDK hands over when the app registers a function. */
export interface FunctionMetadata {
  readonly name: string;
  readonly functionId?: string;
  readonly bindings: Readonly<Record<string, Binding>>;
}

export type FunctionHandler = (...inputs: unknown[]) => unknown;

/** A function of the app, as it was registered. */
export interface AppFunction {
  readonly name: string;
  readonly id: string;
  readonly metadata: FunctionMetadata;
  readonly handler: FunctionHandler;
  /** The binding that starts it, with the name under which it is registered */
  readonly trigger: Binding & { readonly name: string };
  /** The app file that was being loaded when it was registered */
  readonly file: string;
  /** Switched off by the setting `AzureWebJobs.<name>.Disabled` */
  readonly disabled: boolean;
}

const validName = /^[a-z][a-z0-9_-]{0,127}$/i;

/** @throws HostError for a name that Azure refuses and for a function without a trigger */
export function toAppFunction(
  metadata: FunctionMetadata,
  rest: Pick<AppFunction, 'handler' | 'file' | 'disabled'>,
): AppFunction {
  const { name, functionId = name, bindings } = metadata;
  if (!validName.test(name) || name.toLowerCase() === 'host') {
    throw new HostError(
      `The function name "${name}" is not allowed. Use a letter followed by up to 127 letters, digits, "_" or "-".`,
    );
  }
  const trigger = Object.entries(bindings).find(([, { type }]) => /trigger$/i.test(type));
  if (!trigger) {
    throw new HostError(`Function ${name} has no trigger. Register it with one.`);
  }
  return {
    name,
    id: functionId,
    metadata,
    trigger: { ...trigger[1], name: trigger[0] },
    ...rest,
  };
}

export function isTriggeredBy(appFunction: AppFunction, type: string): boolean {
  return appFunction.trigger.type.toLowerCase() === type.toLowerCase();
}

/** Functions in the order in which the host looks at them: by name, letter case aside. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  const [left, right] = [a.name.toLowerCase(), b.name.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}
