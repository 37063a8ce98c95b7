/** What differs from run to run, and what stands for it in a comparison. */
const varying: readonly (readonly [pattern: RegExp, stand: string])[] = [
  [/https?:\/\/(?:127\.0\.0\.1|localhost):\d+/g, '<url>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?/g, '<time>'],
  // Stacks, as lines of a text and of a text within a text.
  [/(?:\\+r)?\\+n\s*(?:at |--- End of )(?:(?!\\+[rn]|\\*").)*/g, ''],
  [/(StackTrace(?:\\*":\\*"|: ))\s*at (?:(?!\\+[rn]|\\*").)*/g, '$1'],
];
const guid = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\b[0-9a-f]{32}\b/gi;

/** A value in which times, addresses, stacks and random ids are the same in every run. */
export function normalised(value: unknown): unknown {
  let text = JSON.stringify({ value });
  for (const [pattern, stand] of varying) text = text.replace(pattern, stand);
  const ids = new Map<string, string>();
  text = text.replace(guid, (id) => {
    const known = ids.get(id.toLowerCase()) ?? `<id ${ids.size + 1}>`;
    ids.set(id.toLowerCase(), known);
    return known;
  });
  return (JSON.parse(text) as { value?: unknown }).value;
}
