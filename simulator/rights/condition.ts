/** What a condition is asked about: the action and the role assignment that it would make or remove. */
export interface ConditionSubject {
  readonly action: string;
  /** Attributes of the assignment, such as `RoleDefinitionId`, by name. */
  readonly attributes: Readonly<Record<string, string>>;
}

type Test = (subject: ConditionSubject) => boolean;

/**
 * A condition of a role assignment, in the published forms for delegating role assignments: `ActionMatches`, and
 * attributes of `Microsoft.Authorization/roleAssignments` compared by `ForAnyOf…Values` and the equality operators, joined
 * by `!`, `AND` and `OR`. Source: "Delegate Azure role assignment management to others with conditions".
 *
 * @throws Error that names what it does not know.
 */
export function parseCondition(text: string): Test {
  const parser = new ConditionParser(text);
  const test = parser.any();
  parser.end();
  return test;
}

const tokens =
  /\s*(\(|\)|!(?!=)|AND\b|&&|OR\b|\|\||ActionMatches\s*\{\s*'[^']*'\s*\}|@(?:Request|Resource)\[[^\]]*\]|\{[^}]*\}|'[^']*'|[A-Za-z:]+)/giy;

class ConditionParser {
  private readonly words: readonly string[];
  private at = 0;

  constructor(text: string) {
    const words: string[] = [];
    tokens.lastIndex = 0;
    while (tokens.lastIndex < text.trimEnd().length) {
      const from = tokens.lastIndex;
      const word = tokens.exec(text)?.[1];
      if (word === undefined) throw unknown(text.slice(from, from + 40));
      words.push(word);
    }
    this.words = words;
  }

  any(): Test {
    let test = this.all();
    while (this.takes(/^(OR|\|\|)$/i)) {
      const [left, right] = [test, this.all()];
      test = (subject) => left(subject) || right(subject);
    }
    return test;
  }

  end(): void {
    if (this.at < this.words.length) throw unknown(this.words[this.at] ?? '');
  }

  private all(): Test {
    let test = this.one();
    while (this.takes(/^(AND|&&)$/i)) {
      const [left, right] = [test, this.one()];
      test = (subject) => left(subject) && right(subject);
    }
    return test;
  }

  private one(): Test {
    if (this.takes(/^!$/)) {
      const inner = this.one();
      return (subject) => !inner(subject);
    }
    if (this.takes(/^\($/)) {
      const inner = this.any();
      if (!this.takes(/^\)$/)) throw unknown('an open parenthesis');
      return inner;
    }
    return this.leaf();
  }

  private leaf(): Test {
    const word = this.next();
    const action = /^ActionMatches\s*\{\s*'([^']*)'\s*\}$/i.exec(word)?.[1];
    if (action !== undefined) {
      return (subject) => subject.action.toLowerCase() === action.toLowerCase();
    }
    const attribute =
      /^@(?:Request|Resource)\[Microsoft\.Authorization\/roleAssignments:(\w+)\]$/i.exec(word)?.[1];
    if (attribute === undefined) throw unknown(word);
    const matches = comparison(this.next());
    const values = listed(this.next());
    return ({ attributes }) => matches(values, attributes[attribute] ?? '');
  }

  private next(): string {
    const word = this.words[this.at];
    if (word === undefined) throw unknown('its end');
    this.at += 1;
    return word;
  }

  private takes(pattern: RegExp): boolean {
    const found = pattern.test(this.words[this.at] ?? '');
    if (found) this.at += 1;
    return found;
  }
}

/** One attribute has one value: "any of any" is membership, "any of all, not equal" is its absence. */
function comparison(operator: string): (values: readonly string[], value: string) => boolean {
  const known = /^(?:ForAnyOfAnyValues:)?(?:GuidEquals|StringEquals(?:IgnoreCase)?)$/i.test(
    operator,
  );
  if (known) return (values, value) => values.includes(value.toLowerCase());
  if (/^ForAnyOfAllValues:(?:GuidNotEquals|StringNotEquals(?:IgnoreCase)?)$/i.test(operator)) {
    return (values, value) => !values.includes(value.toLowerCase());
  }
  throw unknown(operator);
}

function listed(word: string): readonly string[] {
  if (!/^[{']/.test(word)) throw unknown(word);
  return word
    .replaceAll(/[{}']/g, '')
    .split(',')
    .map((value) => value.trim().toLowerCase());
}

function unknown(what: string): Error {
  return new Error(`The simulated Azure does not understand ${what} in a condition.`);
}
