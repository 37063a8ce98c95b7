/** Stands for the module that the Functions worker gives to `@azure/functions`. */
type Handler = (trigger: unknown, context: unknown) => unknown;

interface Metadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, { readonly type: string }>>;
}

export interface Registration {
  readonly name: string;
  readonly kind: 'orchestration' | 'activity' | 'entity';
  readonly handler: Handler;
}

const kinds: Readonly<Record<string, Registration['kind']>> = {
  orchestrationTrigger: 'orchestration',
  activityTrigger: 'activity',
  entityTrigger: 'entity',
};

/** What the app registered, by kind and lower-case name. */
export const registrations = new Map<string, Registration>();

export const registrationKey = (kind: Registration['kind'], name: string): string =>
  `${kind}/${name.toLowerCase()}`;

export const registeredNames = (kind: Registration['kind']): string[] =>
  [...registrations.values()].filter((each) => each.kind === kind).map(({ name }) => name);

export const version = '3.10.0';
export const hostVersion = '4.1037.0';

export class Disposable {
  dispose(): void {
    // Nothing is ever taken back in a test.
  }
}

export function setProgrammingModel(): void {
  // There is one model only.
}

export function getProgrammingModel(): undefined {
  return undefined;
}

export function log(): void {
  // Tests read results, not logs.
}

export function registerHook(): Disposable {
  return new Disposable();
}

export function registerFunction({ name, bindings }: Metadata, handler: Handler): Disposable {
  const kind = Object.values(bindings).flatMap(({ type }) => kinds[type] ?? [])[0];
  if (kind !== undefined) registrations.set(registrationKey(kind, name), { name, kind, handler });
  return new Disposable();
}
