import data from '../data/directory-properties.json';
import type { JsonObject } from '../json';
import type { ArmResponse } from '../provider';
import { badRequest } from './graph-error';
import { unsupported } from './graph-path';

const metadata = 'https://graph.microsoft.com/v1.0/$metadata';

/** An object as `$select` wants it, or the answer that it cannot be had so. */
export function selected(
  object: JsonObject,
  set: 'servicePrincipals' | 'applications',
  query: URLSearchParams,
): ArmResponse {
  const foreign = [...query.keys()].find((name) => name.startsWith('$') && name !== '$select');
  if (foreign !== undefined) {
    return unsupported(`The simulated directory takes no ${foreign}. Use $select alone.`);
  }
  const { type, properties } = data[set];
  const names = (query.get('$select') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0 || names.includes('*')) return entity(`${set}/$entity`, object);
  const known = names.map((name) =>
    properties.find((property) => property.toLowerCase() === name.toLowerCase()),
  );
  const unknown = names[known.indexOf(undefined)];
  if (unknown !== undefined) {
    return badRequest(
      `Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type 'microsoft.graph.${type}'.`,
    );
  }
  const members = [...new Set(known)].filter((name) => name !== undefined);
  return entity(
    `${set}(${members.join(',')})/$entity`,
    Object.fromEntries(members.map((name) => [name, object[name] ?? null])),
  );
}

function entity(context: string, members: JsonObject): ArmResponse {
  return { status: 200, body: { '@odata.context': `${metadata}#${context}`, ...members } };
}

/** The answer to an action that returns texts. */
export function textCollection(value: readonly string[]): ArmResponse {
  const context = `${metadata}#Collection(Edm.String)`;
  return { status: 200, body: { '@odata.context': context, value } };
}
