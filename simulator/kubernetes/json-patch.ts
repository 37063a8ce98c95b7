import { canonical, isObject, textAt } from '../json';
import type { Json, JsonObject } from '../json';

/** Thrown when a `test` of a patch does not hold, or its path leads nowhere. */
export class PatchFailed extends Error {}

/** RFC 6902. @throws PatchFailed */
export function jsonPatch(document: Json, patch: Json): Json {
  if (!Array.isArray(patch)) throw new PatchFailed('a JSON patch is a list of operations');
  return (patch as readonly Json[]).filter(isObject).reduce<Json>(applied, document);
}

function applied(document: Json, operation: JsonObject): Json {
  const { op, value = null } = operation;
  const path = textAt(operation, 'path') ?? '';
  const steps = stepsOf(path);
  if (op === 'test') {
    if (canonical(read(document, steps)) === canonical(value)) return document;
    throw new PatchFailed(`testing value ${path} failed`);
  }
  if (op === 'move' || op === 'copy') return transferred(document, operation, path);
  return edited(document, steps, { op, value, path });
}

interface Edit {
  readonly op: Json | undefined;
  readonly value: Json;
  readonly path: string;
}

function edited(document: Json, steps: readonly string[], { op, value, path }: Edit): Json {
  if (op !== 'add' && op !== 'replace' && op !== 'remove') {
    throw new PatchFailed(`the operation ${canonical(op)} is not supported`);
  }
  if (op !== 'add' && read(document, steps) === undefined) {
    throw new PatchFailed(`${op} operation does not apply: missing path ${path}`);
  }
  return changed(document, steps, { op, value });
}

function transferred(document: Json, operation: JsonObject, path: string): Json {
  const from = textAt(operation, 'from') ?? '';
  const value = read(document, stepsOf(from));
  if (value === undefined) throw new PatchFailed(`missing path ${from}`);
  const left =
    operation['op'] === 'move' ? applied(document, { op: 'remove', path: from }) : document;
  return applied(left, { op: 'add', path, value });
}

function stepsOf(path: string): readonly string[] {
  return path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(document: Json | undefined, steps: readonly string[]): Json | undefined {
  return steps.reduce<Json | undefined>((found, step) => {
    if (Array.isArray(found)) return (found as readonly Json[])[Number(step)];
    return isObject(found) ? found[step] : undefined;
  }, document);
}

interface Change {
  readonly op: 'add' | 'replace' | 'remove';
  readonly value: Json;
}

function changed(document: Json, steps: readonly string[], change: Change): Json {
  const [step, ...rest] = steps;
  if (step === undefined) return change.value;
  if (Array.isArray(document)) return changedList(document as readonly Json[], steps, change);
  if (!isObject(document)) throw new PatchFailed(`missing path at ${step}`);
  if (rest.length > 0) {
    const inner = document[step];
    if (inner === undefined) throw new PatchFailed(`missing path at ${step}`);
    return { ...document, [step]: changed(inner, rest, change) };
  }
  if (change.op !== 'remove') return { ...document, [step]: change.value };
  return Object.fromEntries(Object.entries(document).filter(([name]) => name !== step));
}

function changedList(list: readonly Json[], steps: readonly string[], change: Change): Json {
  const [step = '', ...rest] = steps;
  const index = step === '-' ? list.length : Number(step);
  const last = change.op === 'add' ? list.length : list.length - 1;
  if (!(index >= 0 && index <= last)) throw new PatchFailed(`no index ${step}`);
  const inner = list[index];
  if (rest.length > 0 && inner !== undefined) return list.with(index, changed(inner, rest, change));
  const items = change.op === 'remove' ? [] : [change.value];
  return list.toSpliced(index, change.op === 'add' ? 0 : 1, ...items);
}
