import type { AppFunction } from './function-metadata';

const supported = new Set([
  'httptrigger',
  'timertrigger',
  'eventgridtrigger',
  'orchestrationtrigger',
  'activitytrigger',
  'entitytrigger',
  'durableclient',
  'orchestrationclient',
  'http',
]);

/** Types of a function's bindings that this host does not have, its trigger's among them. */
export function unsupportedBindings({ metadata }: Pick<AppFunction, 'metadata'>): string[] {
  const types = Object.values(metadata.bindings).map(({ type }) => type);
  return [...new Set(types)].filter((type) => !supported.has(type.toLowerCase()));
}

/** Why a function with such bindings is not served. */
export function unsupportedText(types: readonly string[]): string {
  const named = types.map((type) => `"${type}"`).join(' and ');
  return `This host has no binding of type ${named}. Try the function on Azure, or give it an HTTP, timer, Event Grid or durable trigger without other bindings.`;
}

/** The functions whose bindings this host has, and for the others why they are not served. */
export function leaveOutUnsupported(functions: readonly AppFunction[]): {
  readonly functions: readonly AppFunction[];
  readonly errors: Map<string, string>;
} {
  const errors = new Map<string, string>();
  for (const appFunction of functions) {
    const types = unsupportedBindings(appFunction);
    if (types.length > 0) errors.set(appFunction.name, unsupportedText(types));
  }
  return { functions: functions.filter(({ name }) => !errors.has(name)), errors };
}
