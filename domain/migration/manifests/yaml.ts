import type { Json } from '../snapshot';

/**
 * Writes JSON as YAML that people can read and review: block style, members in the order they came in, quotes
 * only around what another reader could take for something else than text.
 */
export function toYaml(value: Json | readonly unknown[]): string {
  return `${(isNested(value) ? block(value, 0) : [scalar(value)]).join('\n')}\n`;
}

function block(value: unknown, depth: number): readonly string[] {
  const indent = '  '.repeat(depth);
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      if (!isNested(item)) return [`${indent}- ${scalar(item)}`];
      const [first = '', ...rest] = block(item, depth + 1);
      return [`${indent}- ${first.trimStart()}`, ...rest];
    });
  }
  return Object.entries(value as Json)
    .filter(([, member]) => member !== undefined)
    .flatMap(([key, member]) =>
      isNested(member)
        ? [`${indent}${text(key)}:`, ...block(member, depth + 1)]
        : [`${indent}${text(key)}: ${scalar(member)}`],
    );
}

/** An empty list or map is written on one line. */
function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function scalar(value: unknown): string {
  return typeof value === 'string' ? text(value) : JSON.stringify(value);
}

// YAML 1.1 has more words that are no text than YAML 1.2, and Kubernetes' tools read 1.1; some readers take
// an exponent alone for a number.
const words = /^(true|false|yes|no|on|off|y|n|null|e\d+)$/i;

/** JSON's quoted text is YAML's, too. */
function text(value: string): string {
  return /^[a-z][\w./-]*$/i.test(value) && !words.test(value) ? value : JSON.stringify(value);
}
