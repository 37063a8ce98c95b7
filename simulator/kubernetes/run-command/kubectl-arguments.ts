/** What kubectl was called with. */
export interface Arguments {
  /** The verb and what follows it, without flags. */
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
  /** A flag that the simulated kubectl does not have. */
  readonly unknown?: string;
}

const switches = ['server-side', 'force-conflicts'];
const known = [
  ...switches,
  'raw',
  'filename',
  'namespace',
  'patch',
  'patch-file',
  'type',
  'field-manager',
  'dry-run',
  'output',
];
const longNames: Readonly<Record<string, string>> = {
  '-f': 'filename',
  '-n': 'namespace',
  '-o': 'output',
  '-p': 'patch',
};

export function argumentsIn(words: readonly string[]): Arguments {
  const plain: string[] = [];
  const flags = new Map<string, string>();
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, name = longNames[word], value] = /^--([\w-]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (name === undefined) plain.push(word);
    else if (value !== undefined) flags.set(name, value);
    else flags.set(name, switches.includes(name) ? 'true' : (rest.shift() ?? ''));
  }
  const unknown = [...flags.keys()].find((name) => !known.includes(name));
  return { words: plain, flags, ...(unknown !== undefined && { unknown }) };
}

export function flagOf({ flags }: Arguments, name: string, otherwise: string): string {
  return flags.get(name) ?? otherwise;
}
