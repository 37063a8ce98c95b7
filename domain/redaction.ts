/**
 * One place that knows what a secret looks like. Everything that leaves the process as text goes through it: log lines,
 * attributes of spans, failures on their way into a history.
 */
export const redacted = '[redacted]';

/** Names whose values are secret, whatever they look like. */
const secretName = /authorization|token|secret|password|key|kubeconfig|assertion/i;

// In a text a name says so too: `"clientSecret": "…"`, `AccountKey=…`, `client-key-data: …`.
const named = String.raw`[\w.$-]{0,60}(?:authorization|token|secret|password|key|kubeconfig|assertion)[\w.$-]{0,60}`;
const quote = String.raw`\\*["']`;

/** What is looked for, and what is kept of it. In this order: the later ones see what the earlier ones have left. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^]*?(?:-----END [A-Z ]{0,30}-----|$)/g, redacted],
  [/("kubeconfigs\\*"\s*:\s*)\[[^\]]*\]/g, `$1"${redacted}"`],
  [/\bYXBpVmVyc2lvbjo[\w+/=-]+/g, redacted], // a kubeconfig in base64: `apiVersion: …`
  [/\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g, redacted], // a JSON web token
  [/\b(Bearer|Basic|SharedKey|SharedAccessSignature)\s+[\w.~+/=:%&-]{8,}/gi, `$1 ${redacted}`],
  [/(:\/\/)[^/\s:@"']{1,200}:[^/\s@"']{1,200}@/g, `$1${redacted}@`],
  [
    /(https?:\/\/[^\s/"']*(?:webhook|hooks\.|logic\.azure\.|discord|pagerduty)[^\s/"']*\/)[^\s"'\\)]+/gi,
    `$1${redacted}`,
  ],
  [/((?:[?&]code|\bsig)=)(?!\[)[^&\s"'\\<>;]+/gi, `$1${redacted}`],
  [
    new RegExp(`(${quote}${named}${quote}\\s*:\\s*${quote})(?:(?!${quote})[^])*`, 'gi'),
    `$1${redacted}`,
  ],
  [new RegExp(`(\\b${named}=)(?!\\[)[^&\\s"'\\\\;,]+`, 'gi'), `$1${redacted}`],
  // Prose has colons as well: here the value has to look like a secret, long and without words.
  [new RegExp(`(\\b${named}:\\s*)(?=[\\w+/=.~-]*\\d)[\\w+/=.~-]{16,}`, 'gi'), `$1${redacted}`],
  [/(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}/g, redacted], // a client secret of Entra
  [/(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{86}==/g, redacted], // a key of a storage account
  [/(?<![\w-])[\w-]{40,}AzFu[\w-]{4,8}={0,2}/g, redacted], // a key of a function app
];

/** The text without what must not be read by others. */
export function redact(text: string): string {
  return patterns.reduce((left, [pattern, kept]) => left.replace(pattern, kept), text);
}

export type Field = string | number | boolean | readonly string[];

/** Fields of a log line or a span: a text under a secret's name is hidden whole. */
export function redactFields<T extends Field>(
  fields: Readonly<Record<string, T>>,
): Record<string, T> {
  const clean = (name: string, value: Field): Field => {
    if (typeof value === 'string') return secretName.test(name) ? redacted : redact(value);
    return Array.isArray(value) ? value.map((one: string) => clean(name, one) as string) : value;
  };
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, clean(name, value) as T]),
  );
}
