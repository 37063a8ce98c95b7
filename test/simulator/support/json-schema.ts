import { at, isObject, objectAt, textAt } from '../../../simulator/json';
import type { Json, JsonObject } from '../../../simulator/json';

type Check = (value: Json, schema: JsonObject, place: Place) => readonly string[];

interface Place {
  readonly path: string;
  readonly definitions: JsonObject;
}

/**
 * What in a value breaks a definition of a contract's schema, each with its path. Knows the keywords that the
 * contracts use. A member that is null counts as absent: Azure writes out what it has no value for.
 */
export function violations(value: Json, definition: string, definitions: JsonObject) {
  return check(value, objectAt(definitions, definition), { path: definition, definitions });
}

function check(value: Json, schema: JsonObject, place: Place): readonly string[] {
  const reference = textAt(schema, '$ref');
  if (reference !== undefined) {
    const name = reference.slice(reference.lastIndexOf('/') + 1);
    return check(value, objectAt(place.definitions, name), place);
  }
  return checks.flatMap((one) => one(value, schema, place));
}

const checks: readonly Check[] = [
  (value, { type }, { path }) =>
    type === undefined || kindOf(value) === type ? [] : [`${path} is no ${JSON.stringify(type)}`],
  (value, { enum: values }, { path }) =>
    Array.isArray(values) && !values.includes(value)
      ? [`${path} is none of ${values.join(', ')}`]
      : [],
  (value, { maxLength }, { path }) =>
    typeof maxLength === 'number' && typeof value === 'string' && value.length > maxLength
      ? [`${path} is longer than ${maxLength}`]
      : [],
  (value, { format }, { path }) =>
    format === 'date-time' && typeof value === 'string' && Number.isNaN(Date.parse(value))
      ? [`${path} is no date`]
      : [],
  (value, { required }, { path }) =>
    (Array.isArray(required) && isObject(value) ? (required as readonly string[]) : [])
      .filter((name) => at(value, name) === undefined)
      .map((name) => `${path}.${name} is missing`),
  checkMembers,
  (value, { items }, { path, definitions }) =>
    Array.isArray(value) && isObject(items)
      ? (value as readonly Json[]).flatMap((item, index) =>
          check(item, items, { path: `${path}[${index}]`, definitions }),
        )
      : [],
];

function checkMembers(value: Json, schema: JsonObject, { path, definitions }: Place) {
  if (!isObject(value)) return [];
  const others = schema['additionalProperties'];
  return Object.entries(value).flatMap(([name, member]) => {
    const known = at(schema, 'properties', name) ?? others;
    if (member === undefined || member === null || !isObject(known)) return [];
    return check(member, known, { path: `${path}.${name}`, definitions });
  });
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
