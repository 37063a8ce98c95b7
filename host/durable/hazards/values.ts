import type { Decision } from '../orchestrations/actions';
import { httpActivity } from '../orchestrations/actions';
import type { Flaw } from '../sdk/json-flaws';
import { jsonFlaws } from '../sdk/json-flaws';
import { isJson, shownValue } from '../sdk/values';
import type { Hazard } from './hazard';
import { failure, warning } from './hazard';

/** What becomes of the input of a call on its way. */
export function inputHazards(decision: Decision): Hazard[] {
  if (!('input' in decision)) return [];
  const { kind, input } = decision;
  if (kind === 'activity' && decision.name === httpActivity) return [];
  const what = `the input of ${callee(decision)}`;
  const isText = kind === 'activity' && typeof input === 'boolean';
  return isText ? [booleanHazard(what, input)] : valueHazards(input, what);
}

function callee(decision: Extract<Decision, { readonly input: unknown }>): string {
  return 'name' in decision
    ? `'${decision.name}'`
    : `the operation '${decision.operation}' of ${decision.entityId}`;
}

function booleanHazard(what: string, value: boolean): Hazard {
  return failure(
    'BooleanInput',
    `${what} is ${value}; on Azure it arrives as the text "${value ? 'True' : 'False'}". Wrap it in an object.`,
  );
}

/** What becomes of a value that is written as JSON and read by .NET. */
export function valueHazards(value: unknown, what: string): Hazard[] {
  return jsonFlaws(value).map((flaw) => flawHazard(flaw, what));
}

function flawHazard({ kind, path, becomes }: Flaw, what: string): Hazard {
  const where = path === '' ? what : `${what} (at ${path.replace(/^\./, '')})`;
  switch (kind) {
    case 'unwritable':
      return failure('NotJson', `${where} cannot be written: ${becomes}. Pass plain data.`);
    case 'unreadable':
      return failure(
        'ReferenceKey',
        `${where} cannot be read on Azure: ${becomes}, since .NET takes it for a reference. Rename the key, or pass the object as a text.`,
      );
    case 'lost':
      return failure(
        'ValueLost',
        `${where} is not what arrives on Azure: ${becomes}. Pass plain data that JSON can hold.`,
      );
    case 'changed':
      return warning(
        'ValueChangesForm',
        `${where} is not what arrives on Azure: ${becomes}. Convert it yourself on both sides.`,
      );
  }
}

/** The worker sends a whole number as 64 bits. */
export function resultHazards(value: unknown, activity: string): Hazard[] {
  const what = `the result of '${activity}'`;
  if (typeof value !== 'number' || !Number.isInteger(value) || Math.abs(value) < 2 ** 63) {
    return valueHazards(value, what);
  }
  return [
    failure(
      'ValueLost',
      `${what} is ${value}; on Azure only its last 64 bits arrive. Return it in an object, or as a text.`,
    ),
  ];
}

/** The SDK makes JSON of a text, and then JSON of that. */
export function textAgainHazard(): Hazard {
  return failure(
    'TextIntoContinueAsNew',
    'continueAsNew was given a text; on Azure the next execution gets it encoded twice, with quotation marks in it. Wrap it in an object.',
  );
}

/** The SDK makes a Date of every text that stands under a key `Timestamp` in an orchestrator's input. */
export function timestampHazards(input: string): Hazard[] {
  if (!input.includes('"Timestamp"')) return [];
  const text = firstTimestamp(shownValue(input));
  if (text === undefined) return [];
  const what = `the input has a key 'Timestamp' with the text "${text}"; the SDK makes a Date of it`;
  return Number.isNaN(Date.parse(text))
    ? [failure('TimestampKey', `${what}, which is invalid, and the text is lost. Rename the key.`)]
    : [warning('TimestampKey', `${what}. Rename the key, or expect a Date.`)];
}

/** The first one that is no date, or else the first one. */
function firstTimestamp(value: unknown): string | undefined {
  const texts = timestamps(value);
  return texts.find((text) => Number.isNaN(Date.parse(text))) ?? texts[0];
}

function timestamps(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) =>
    key === 'Timestamp' && typeof member === 'string' ? [member] : timestamps(member),
  );
}

/** Whole numbers in JSON that somebody else has written, with more digits than a number in JavaScript holds. */
export function longNumberHazards(text: string, what: string): Hazard[] {
  if (!/\d{16}/.test(text)) return [];
  const [digits] = longNumbers(text);
  if (digits === undefined) return [];
  return [
    warning(
      'LongNumber',
      `${what} holds the number ${digits}, of which JavaScript keeps the first digits only. Send it as a text.`,
    ),
  ];
}

function longNumbers(text: string): readonly string[] {
  const found: string[] = [];
  const note = (_key: string, value: unknown, { source }: { source?: string } = {}): unknown => {
    const isWhole = typeof value === 'number' && /^-?\d+$/.test(source ?? '');
    if (isWhole && source !== undefined && source !== String(value)) found.push(source);
    return value;
  };
  if (isJson(text)) JSON.parse(text, note);
  return found;
}
