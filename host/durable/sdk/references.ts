/** Keys that say something about an object, for .NET, if they come first in it. */
const metadata: readonly string[] = ['$type', '$id', '$ref'];

/**
 * .NET takes an object that begins with `$ref` for a reference to another one, which has no content of
 * its own: the key at which it gives up. It looks only at the object itself, not into its members.
 */
function firstContentOfReference(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const keys = Object.entries(value)
    .filter(([, member]) => member !== undefined && typeof member !== 'function')
    .map(([key]) => key);
  for (const [index, key] of keys.entries()) {
    if (!metadata.includes(key)) return undefined;
    if (key === '$ref' && typeof (value as Record<string, unknown>)[key] === 'string') {
      return keys[index + 1];
    }
  }
  return undefined;
}

const problem =
  'Additional content found in JSON reference object. A JSON reference object should only have a $ref property.';

/** Whether .NET refuses a value since it takes it for a reference. */
export function isReference(value: unknown): boolean {
  return firstContentOfReference(value) !== undefined;
}

/** What .NET says about a value that it cannot read; undefined if it can. */
export function unreadable(value: unknown, path: string): string | undefined {
  const key = firstContentOfReference(value);
  return key === undefined ? undefined : `${problem} Path '${path}.${key}'.`;
}

/** The same for a text that .NET reads by itself, where it knows the position as well. */
export function unreadableText(value: unknown): string | undefined {
  const key = firstContentOfReference(value);
  if (key === undefined) return undefined;
  const token = `${JSON.stringify(key)}:`;
  const position = JSON.stringify(value).indexOf(token) + token.length;
  return `${problem} Path '${key}', line 1, position ${position}.`;
}
