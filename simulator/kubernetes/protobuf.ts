import type { Json, JsonObject } from '../json';

/** How a field of a message is read: as text, a number, bytes in base64, a map of texts, or a message of its own. */
type Field = 'text' | 'texts' | 'number' | 'boolean' | 'textMap' | 'bytesMap' | Message;
// eslint-disable-next-line @typescript-eslint/consistent-indexed-object-style -- a record cannot name itself
interface Message {
  readonly [number: number]: readonly [name: string, field: Field];
}

// Field numbers from the `generated.proto` files of the Kubernetes API.
const metadata: Message = {
  1: ['name', 'text'],
  2: ['generateName', 'text'],
  3: ['namespace', 'text'],
  5: ['uid', 'text'],
  6: ['resourceVersion', 'text'],
  11: ['labels', 'textMap'],
  12: ['annotations', 'textMap'],
  14: ['finalizers', 'texts'],
};
const preconditions: Message = { 1: ['uid', 'text'], 2: ['resourceVersion', 'text'] };
const deleteOptions: Message = {
  1: ['gracePeriodSeconds', 'number'],
  2: ['preconditions', preconditions],
  3: ['orphanDependents', 'boolean'],
  4: ['propagationPolicy', 'text'],
  5: ['dryRun', 'texts'],
};
const boundObject: Message = {
  1: ['kind', 'text'],
  2: ['apiVersion', 'text'],
  3: ['name', 'text'],
  4: ['uid', 'text'],
};
const tokenSpec: Message = {
  1: ['audiences', 'texts'],
  3: ['boundObjectRef', boundObject],
  4: ['expirationSeconds', 'number'],
};
const reference: Message = { 1: ['name', 'text'] };

/** The kinds that kubectl sends in this form and that are small; every other comes as JSON or not at all. */
const kinds: Readonly<Record<string, Message>> = {
  'v1 Namespace': { 1: ['metadata', metadata] },
  'v1 ConfigMap': {
    1: ['metadata', metadata],
    2: ['data', 'textMap'],
    3: ['binaryData', 'bytesMap'],
  },
  'v1 Secret': { 1: ['metadata', metadata], 2: ['data', 'bytesMap'], 3: ['type', 'text'] },
  'v1 ServiceAccount': { 1: ['metadata', metadata], 3: ['imagePullSecrets', reference] },
  'v1 DeleteOptions': deleteOptions,
  'meta.k8s.io/v1 DeleteOptions': deleteOptions,
  'policy/v1 Eviction': { 1: ['metadata', metadata], 2: ['deleteOptions', deleteOptions] },
  'authentication.k8s.io/v1 TokenRequest': { 1: ['metadata', metadata], 2: ['spec', tokenSpec] },
};
const repeated = new Set(['imagePullSecrets']);

export const protobufType = 'application/vnd.kubernetes.protobuf';

/** An object in the protobuf form of Kubernetes, as JSON; undefined for a kind that is not read in this form. */
export function fromProtobuf(bytes: Buffer): JsonObject | undefined {
  if (bytes.subarray(0, 4).toString('latin1') !== 'k8s\0') return undefined;
  const type: Message = { 1: ['apiVersion', 'text'], 2: ['kind', 'text'] };
  let [apiVersion, kind, raw] = ['', '', Buffer.of()];
  for (const [number, value] of fieldsIn(bytes.subarray(4))) {
    if (!Buffer.isBuffer(value)) continue;
    if (number === 1) {
      const read = message(value, type);
      [apiVersion, kind] = [textOf(read['apiVersion']), textOf(read['kind'])];
    }
    if (number === 2) raw = Buffer.from(value);
  }
  const shape = kinds[`${apiVersion} ${kind}`];
  return shape && { apiVersion, kind, ...message(raw, shape) };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function message(bytes: Buffer, shape: Message): JsonObject {
  const result: Record<string, Json> = {};
  for (const [number, value] of fieldsIn(bytes)) {
    const [name, field] = shape[number] ?? [];
    if (name === undefined || field === undefined) continue;
    const next = valueOf(value, field, result[name]);
    if (next === '' || next === undefined) continue;
    result[name] = repeated.has(name) ? [...((result[name] ?? []) as Json[]), next] : next;
  }
  return result;
}

function valueOf(value: Buffer | number, field: Field, before: Json | undefined): Json | undefined {
  if (!Buffer.isBuffer(value)) return numberOf(value, field);
  switch (field) {
    case 'text':
      return value.toString('utf8');
    case 'texts':
      return [...((before ?? []) as Json[]), value.toString('utf8')];
    case 'textMap':
    case 'bytesMap':
      return { ...((before ?? {}) as JsonObject), ...entryOf(value, field) };
    case 'number':
    case 'boolean':
      return undefined;
  }
  return message(value, field);
}

function numberOf(value: number, field: Field): Json {
  return field === 'boolean' ? value === 1 : value;
}

function entryOf(bytes: Buffer, field: 'textMap' | 'bytesMap'): JsonObject {
  const fields = new Map(fieldsIn(bytes));
  const [key, value] = [fields.get(1), fields.get(2)].map((one) =>
    Buffer.isBuffer(one) ? one : Buffer.of(),
  );
  const encoding = field === 'textMap' ? 'utf8' : 'base64';
  return { [key?.toString('utf8') ?? '']: value?.toString(encoding) ?? '' };
}

/** Fields of a message by their numbers, in their order: bytes, or the number where it is one. */
function fieldsIn(bytes: Buffer): readonly (readonly [number: number, value: Buffer | number])[] {
  const found: (readonly [number, Buffer | number])[] = [];
  let place = 0;
  const next = (): number => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = bytes.readUInt8(place);
      place += 1;
      value += (byte & 0x7f) * factor;
      factor *= 128;
      if (byte < 128) return value;
    }
  };
  while (place < bytes.length) {
    const tag = next();
    const [number, wire] = [Math.floor(tag / 8), tag % 8];
    if (wire === 0) {
      found.push([number, next()]);
      continue;
    }
    const length = wire === 2 ? next() : wire === 1 ? 8 : 4;
    found.push([number, bytes.subarray(place, place + length)]);
    place += length;
  }
  return found;
}
