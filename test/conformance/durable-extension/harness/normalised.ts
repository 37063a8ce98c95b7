type Replacement = readonly [pattern: RegExp, stand: string];

/** Stacks, as lines of a text and of a text within a text. */
const stacks: readonly Replacement[] = [
  [/(?:\\+r)?\\+n\s*(?:at |--- End of )(?:(?!\\+[rn]|\\*").)*/g, ''],
  [/(StackTrace(?:\\*":\\*"|: ))\s*at (?:(?!\\+[rn]|\\*").)*/g, '$1'],
];
const varying: readonly Replacement[] = [
  [/https?:\/\/(?:127\.0\.0\.1|localhost):\d+/g, '<url>'],
  [/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, '<time>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?/g, '<time>'],
];
const guid = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\b[0-9a-f]{32}\b/gi;

/** A value in which times, addresses, stacks and random ids are the same in every run. */
export function normalised(value: unknown): unknown {
  const text = replaced(withoutStacks(JSON.stringify({ value })), varying);
  const ids = new Map<string, string>();
  const named = text.replace(guid, (id) => {
    const known = ids.get(id.toLowerCase()) ?? `<id ${ids.size + 1}>`;
    ids.set(id.toLowerCase(), known);
    return known;
  });
  return (JSON.parse(named) as { value?: unknown }).value;
}

/** JSON text without the stacks in it. */
export function withoutStacks(json: string): string {
  return replaced(json, stacks);
}

function replaced(text: string, replacements: readonly Replacement[]): string {
  return replacements.reduce((left, [pattern, stand]) => left.replace(pattern, stand), text);
}
