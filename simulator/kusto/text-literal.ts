interface Style {
  readonly pattern: RegExp;
  readonly decode: (body: string) => string;
}

const single: Style = { pattern: /'((?:[^'\\\n]|\\(?:['"\\nrt]|u[0-9a-fA-F]{4}))*)'/y, decode };
const double: Style = { pattern: /"((?:[^"\\\n]|\\(?:['"\\nrt]|u[0-9a-fA-F]{4}))*)"/y, decode };
const verbatimSingle: Style = {
  pattern: /@'((?:[^']|'')*)'/y,
  decode: (body) => body.replaceAll("''", "'"),
};
const verbatimDouble: Style = {
  pattern: /@"((?:[^"]|"")*)"/y,
  decode: (body) => body.replaceAll('""', '"'),
};

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * The text literal that starts at `offset`: `'…'`, `"…"`, or verbatim `@'…'` where only the quote is
 * doubled. An escape that Kusto does not have makes it no literal at all, as in Kusto.
 */
export function readTextLiteral(
  query: string,
  offset: number,
): { text: string; end: number } | undefined {
  for (const { pattern, decode } of [single, double, verbatimSingle, verbatimDouble]) {
    pattern.lastIndex = offset;
    const match = pattern.exec(query);
    if (match !== null) return { text: decode(match[1] ?? ''), end: offset + match[0].length };
  }
  return undefined;
}

function decode(body: string): string {
  return body.replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, code: string) =>
    code.length === 5
      ? String.fromCharCode(Number.parseInt(code.slice(1), 16))
      : (escapes[code] ?? code),
  );
}
