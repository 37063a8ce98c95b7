import { isObject } from '../../json';
import type { JsonObject } from '../../json';
import { pathOf, pathText } from './field-path';
import type { FieldPath, FieldSet } from './field-path';

interface Tree {
  member: boolean;
  readonly below: Map<string, Tree>;
}

/** A set of fields as `managedFields` has it. */
export function toFieldsV1(set: FieldSet): JsonObject {
  const root: Tree = { member: false, below: new Map() };
  for (const text of set) {
    let tree = root;
    for (const element of pathOf(text)) {
      const next = tree.below.get(element) ?? { member: false, below: new Map<string, Tree>() };
      tree.below.set(element, next);
      tree = next;
    }
    tree.member = true;
  }
  return written(root);
}

function written({ member, below }: Tree): JsonObject {
  if (below.size === 0) return {};
  const entries = [...below].sort(([one], [other]) => (one < other ? -1 : 1));
  const members = entries.map(([element, tree]) => [element, written(tree)] as const);
  return Object.fromEntries([...(member ? [['.', {}] as const] : []), ...members]);
}

export function fromFieldsV1(fields: JsonObject): FieldSet {
  const found = new Set<string>();
  const visit = (tree: JsonObject, path: FieldPath): void => {
    const entries = Object.entries(tree);
    if (path.length > 0 && (entries.length === 0 || isObject(tree['.']))) found.add(pathText(path));
    for (const [element, below] of entries) {
      if (element !== '.' && isObject(below)) visit(below, [...path, element]);
    }
  };
  visit(fields, []);
  return found;
}
