/** One thing that a deployment sets, as an environment variable. The table of all of them is the schema. */
export interface Setting<T> {
  readonly name: string;
  /** What a value must be, as it is said to people: "Set it to …". */
  readonly form: string;
  /** Nothing for a text that does not have the form. @throws Error that says more than the form does. */
  readonly parse: (text: string) => T | undefined;
  readonly purpose: string;
  readonly example: string;
  /** What counts when nothing is set: text to parse, no value at all, or nothing, since the setting is needed. */
  readonly absent: { readonly text: string } | 'nothing' | 'needed';
  /** When it has to be set. */
  readonly needed: string;
}

type Described<T> = Pick<Setting<T>, 'name' | 'form' | 'parse' | 'purpose' | 'example'>;

/** A setting without which nothing starts. */
export function needed<T>(of: Described<T>): Setting<T> {
  return { ...of, absent: 'needed', needed: 'always' };
}

export function withDefault<T>(text: string, of: Described<T>): Setting<T> {
  return { ...of, absent: { text }, needed: '' };
}

/** @param when it has to be set; empty when it never has to. */
export function optional<T>(of: Described<T>, when = ''): Setting<T | undefined> {
  return { ...of, absent: 'nothing', needed: when };
}

/** One of a few words. */
export function oneOf<W extends string>(
  ...words: readonly W[]
): Pick<Setting<W>, 'form' | 'parse'> {
  const last = words.at(-1) ?? '';
  return {
    form: `${words.slice(0, -1).join(', ')} or ${last}`,
    parse: (text) => words.find((word) => word === text),
  };
}
