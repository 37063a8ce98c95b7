import { isObject } from '../json';
import type { Json } from '../json';
import type { GridEvent } from './grid-event';

/** One condition on a member of the event, such as `data.operationName`. */
export interface AdvancedFilter {
  readonly operatorType: AdvancedOperator;
  readonly key: string;
  readonly value?: Json | undefined;
  readonly values?: readonly Json[] | undefined;
}

/** Whether a member of an event is what one of the wanted values says. */
type Test = (found: Json, wanted: Json) => boolean;

interface Operator {
  readonly test: Test;
  /** True when none of the values may fit; then a missing member passes. */
  readonly negated?: boolean;
  readonly takes: 'value' | 'values' | 'nothing';
  readonly of: 'number' | 'range' | 'boolean' | 'string' | 'anything';
}

const many = 'values';
const one = 'value';

// "Understand event filtering for Event Grid subscriptions": the operators, and what a missing key means to each.
const operators = {
  NumberIn: { test: isSameNumber, takes: many, of: 'number' },
  NumberNotIn: { test: isSameNumber, takes: many, of: 'number', negated: true },
  NumberLessThan: { test: numbers((found, wanted) => found < wanted), takes: one, of: 'number' },
  NumberLessThanOrEquals: {
    test: numbers((found, wanted) => found <= wanted),
    takes: one,
    of: 'number',
  },
  NumberGreaterThan: { test: numbers((found, wanted) => found > wanted), takes: one, of: 'number' },
  NumberGreaterThanOrEquals: {
    test: numbers((found, wanted) => found >= wanted),
    takes: one,
    of: 'number',
  },
  NumberInRange: { test: isInRange, takes: many, of: 'range' },
  NumberNotInRange: { test: isInRange, takes: many, of: 'range', negated: true },
  BoolEquals: { test: (found, wanted) => found === wanted, takes: one, of: 'boolean' },
  StringIn: { test: texts((found, wanted) => found === wanted), takes: many, of: 'string' },
  StringNotIn: {
    test: texts((found, wanted) => found === wanted),
    takes: many,
    of: 'string',
    negated: true,
  },
  StringBeginsWith: { test: texts(startsWith), takes: many, of: 'string' },
  StringNotBeginsWith: { test: texts(startsWith), takes: many, of: 'string', negated: true },
  StringEndsWith: { test: texts(endsWith), takes: many, of: 'string' },
  StringNotEndsWith: { test: texts(endsWith), takes: many, of: 'string', negated: true },
  StringContains: { test: texts(includes), takes: many, of: 'string' },
  StringNotContains: { test: texts(includes), takes: many, of: 'string', negated: true },
  IsNullOrUndefined: { test: () => true, takes: 'nothing', of: 'anything', negated: true },
  IsNotNull: { test: () => true, takes: 'nothing', of: 'anything' },
} as const satisfies Record<string, Operator>;

export type AdvancedOperator = keyof typeof operators;

/** The operators that are evaluated: all that are documented. */
export const advancedOperators = Object.keys(operators) as readonly AdvancedOperator[];

export function operatorOf(name: AdvancedOperator): Operator {
  return operators[name];
}

/** The values a condition compares with, also where it has only one. */
export function wantedBy({ operatorType, value, values }: AdvancedFilter): readonly Json[] {
  const { takes } = operatorOf(operatorType);
  if (takes === 'nothing') return [null];
  return takes === 'value' ? [value ?? null] : (values ?? []);
}

/** A list passes when one of its items does, and only where the subscription asks for that. */
export function passes(filter: AdvancedFilter, event: GridEvent, onArrays: boolean): boolean {
  const { test, negated = false } = operatorOf(filter.operatorType);
  const found = memberAt(event, filter.key);
  if (found === undefined || found === null) return negated;
  const isList = Array.isArray(found);
  if (isList && !onArrays && operatorOf(filter.operatorType).of !== 'anything') return negated;
  const items = isList && onArrays ? (found as readonly Json[]) : [found];
  const wanted = wantedBy(filter);
  return items.some((item) => wanted.some((each) => test(item, each))) !== negated;
}

/** Event Grid names the parts of the envelope after either schema, without regard to case. */
function memberAt(event: GridEvent, key: string): Json | undefined {
  const [first = '', ...rest] = key.split('.');
  const envelope: Readonly<Record<string, Json | undefined>> = {
    id: event.id,
    topic: event.topic,
    source: event.topic,
    subject: event.subject,
    type: event.type,
    eventtype: event.type,
    dataversion: event.dataVersion,
    data: event.data,
    ...event.extensions,
  };
  let found = Object.hasOwn(envelope, first.toLowerCase())
    ? envelope[first.toLowerCase()]
    : undefined;
  for (const name of rest) {
    found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }
  return found;
}

function isSameNumber(found: Json, wanted: Json): boolean {
  return typeof found === 'number' && found === wanted;
}

function isInRange(found: Json, wanted: Json): boolean {
  const [least, most] = Array.isArray(wanted) ? (wanted as readonly Json[]) : [];
  return typeof found === 'number' && found >= Number(least) && found <= Number(most);
}

function numbers(compare: (found: number, wanted: number) => boolean): Test {
  return (found, wanted) =>
    typeof found === 'number' && typeof wanted === 'number' && compare(found, wanted);
}

function texts(compare: (found: string, wanted: string) => boolean): Test {
  return (found, wanted) =>
    typeof found === 'string' &&
    typeof wanted === 'string' &&
    compare(found.toLowerCase(), wanted.toLowerCase());
}

function startsWith(found: string, wanted: string): boolean {
  return found.startsWith(wanted);
}

function endsWith(found: string, wanted: string): boolean {
  return found.endsWith(wanted);
}

function includes(found: string, wanted: string): boolean {
  return found.includes(wanted);
}
