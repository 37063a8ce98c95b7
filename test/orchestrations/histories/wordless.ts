/** A value without the words of the failures in it: those are for people, and may be put better. */
export function wordless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wordless);
  if (typeof value !== 'object' || value === null) return value;
  const isFailure = 'code' in value && 'message' in value;
  const words = isFailure ? ['message', 'next'] : [];
  const kept = Object.entries(value).filter(([key]) => !words.includes(key));
  return Object.fromEntries(kept.map(([key, each]) => [key, wordless(each)]));
}

/** The same for JSON text; what is no JSON stays as it is. */
export function wordlessText(text: string): string {
  try {
    return JSON.stringify(wordless(JSON.parse(text)));
  } catch {
    return text;
  }
}
