import type { GridEvent } from './grid-event';

/** What a subscription wants to hear of. All parts must agree. */
export interface EventFilter {
  /** Undefined: every type. */
  readonly includedEventTypes: readonly string[] | undefined;
  readonly subjectBeginsWith: string;
  readonly subjectEndsWith: string;
  readonly isSubjectCaseSensitive: boolean;
  readonly advancedFilters: readonly AdvancedFilter[];
}

/** Compares the text at `key`, such as `data.operationName`, without regard to case. */
export interface AdvancedFilter {
  readonly operatorType: AdvancedOperator;
  readonly key: string;
  readonly values: readonly string[];
}

type Test = (value: string, wanted: string) => boolean;

const operators = {
  StringIn: (value, wanted) => value === wanted,
  StringBeginsWith: (value, wanted) => value.startsWith(wanted),
  StringEndsWith: (value, wanted) => value.endsWith(wanted),
  StringContains: (value, wanted) => value.includes(wanted),
} as const satisfies Record<string, Test>;

export type AdvancedOperator = keyof typeof operators;

/** The operators that are evaluated; a subscription with another one is refused. */
export const advancedOperators: readonly string[] = Object.keys(operators);

export function matches(filter: EventFilter, event: GridEvent): boolean {
  return (
    isIncluded(filter, event.type) &&
    hasSubject(filter, event.subject) &&
    filter.advancedFilters.every((advanced) => isWanted(advanced, event))
  );
}

function isIncluded({ includedEventTypes }: EventFilter, type: string): boolean {
  return includedEventTypes?.some((included) => equal(included, type)) ?? true;
}

function hasSubject(filter: EventFilter, subject: string): boolean {
  const fold = (text: string) => (filter.isSubjectCaseSensitive ? text : text.toLowerCase());
  return (
    fold(subject).startsWith(fold(filter.subjectBeginsWith)) &&
    fold(subject).endsWith(fold(filter.subjectEndsWith))
  );
}

function isWanted({ operatorType, key, values }: AdvancedFilter, event: GridEvent): boolean {
  const value = textAt(event, key)?.toLowerCase();
  if (value === undefined) return false;
  return values.some((wanted) => operators[operatorType](value, wanted.toLowerCase()));
}

/** Event Grid names the parts of the envelope after its own schema. */
function textAt(event: GridEvent, key: string): string | undefined {
  const envelope = { ...event, eventType: event.type, source: event.topic };
  let found: unknown = envelope;
  for (const name of key.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name))
      return undefined;
    found = Object.entries(found).find(([member]) => member === name)?.[1];
  }
  return typeof found === 'string' ? found : undefined;
}

function equal(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
