import { constraintOf, type RouteConstraint } from './route-constraints';

/** A place of a route that takes a value. */
export interface Parameter {
  readonly name: string;
  readonly catchAll: boolean;
  readonly optional: boolean;
  readonly standard: string | undefined;
  readonly constraints: readonly RouteConstraint[];
}

/** A text, or a place. */
export type Part = string | Parameter;

/** What stands between two slashes of a route. */
export type Segment = readonly Part[];

/**
 * Reads a route as ASP.NET Core does: `{name}`, `{name?}`, `{name=default}`,
 * `{name:constraint(arguments)}`, `{*rest}`, texts around a parameter, and `{{` or `}}` for a brace.
 * @throws Error naming what is wrong with it
 */
export function parsePattern(route: string): Segment[] {
  const text = route.replace(/^~?\//, '');
  const segments: Segment[] = [];
  const names = new Set<string>();
  let position = 0;
  while (position < text.length) {
    if (text[position] === '/') throw new Error(`The route "${route}" has a slash after a slash.`);
    const { parts, end } = readSegment(text, position);
    checkSegment(parts);
    for (const part of parts) register(part, names);
    segments.push(parts);
    position = end + 1;
  }
  const early = segments.slice(0, -1).flat().find(isCatchAll);
  if (early) throw new Error(`The route parameter "{*${early.name}}" is not the last one.`);
  return segments;
}

export function isCatchAll(part: Part | undefined): part is Parameter {
  return typeof part === 'object' && part.catchAll;
}

function readSegment(text: string, start: number): { parts: Part[]; end: number } {
  const parts: Part[] = [];
  let at = start;
  while (at < text.length && text[at] !== '/') {
    const isParameter = text[at] === '{' && text[at + 1] !== '{';
    const end = isParameter ? parameterEnd(text, at) : literalEnd(text, at);
    const piece = isParameter ? text.slice(at + 1, end - 1) : text.slice(at, end);
    const plain = piece.replaceAll('}}', '}').replaceAll('{{', '{');
    parts.push(isParameter ? parseParameter(plain) : toLiteral(plain));
    at = end;
  }
  return { parts, end: at };
}

/** The index behind the brace that ends a parameter; a doubled brace is part of it. */
function parameterEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text[at];
    if (character !== '{' && character !== '}') continue;
    const doubled = text[at + 1] === character;
    if (doubled) at += 1;
    else if (character === '}') return at + 1;
    else break;
  }
  throw new Error(`The route "${text}" has a brace without its partner.`);
}

function literalEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '/') return at;
    if (character !== '{' && character !== '}') continue;
    if (text[at + 1] === character) at += 1;
    else if (character === '{' && at + 1 < text.length) return at;
    else throw new Error(`The route "${text}" has a brace without its partner.`);
  }
  return text.length;
}

function toLiteral(text: string): string {
  if (text.includes('?')) throw new Error(`The route text "${text}" has a question mark.`);
  return text;
}

function parseParameter(text: string): Parameter {
  const optional = text.endsWith('?');
  const [, stars = '', name = '', rest = ''] =
    /^(\*{0,2})(.[^:=]*|)(.*)$/s.exec(optional ? text.slice(0, -1) : text) ?? [];
  const parameter = { name, catchAll: stars !== '', optional, ...parseRules(rest) };
  const contradicts = optional && (parameter.catchAll || parameter.standard !== undefined);
  if (contradicts || !/^[^/{}?*]+$/.test(name)) {
    throw new Error(`The route parameter "{${text}}" cannot be understood.`);
  }
  return parameter;
}

/** What follows the name of a parameter: `:constraint` as often as wanted, then `=default`. */
function parseRules(text: string): Pick<Parameter, 'constraints' | 'standard'> {
  const constraints: RouteConstraint[] = [];
  let at = 0;
  while (text[at] === ':') {
    const end = constraintEnd(text, at + 1);
    if (end > at + 1) constraints.push(constraintOf(text.slice(at + 1, end)));
    at = end;
  }
  return { constraints, standard: text[at] === '=' ? text.slice(at + 1) : undefined };
}

/** A constraint ends at a `:` or `=` that is not in its parentheses. */
function constraintEnd(text: string, start: number): number {
  const end = /[:=(]/g;
  end.lastIndex = start;
  const found = end.exec(text)?.index ?? text.length;
  return text[found] === '(' ? parenthesesEnd(text, found + 1) : found;
}

/** A parenthesis closes only at the end or before a `:` or `=`, so that a pattern may hold others. */
function parenthesesEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === ')' && [undefined, ':', '='].includes(text[at + 1])) return at + 1;
    if (character !== ':' && character !== '=') continue;
    const close = text.indexOf(')', at + 1);
    if (close < 0) return at;
    at = close;
  }
  return text.length;
}

function register(part: Part, names: Set<string>): void {
  if (typeof part === 'string') return;
  const key = part.name.toLowerCase();
  if (names.has(key)) throw new Error(`The route parameter "{${part.name}}" stands there twice.`);
  names.add(key);
}

/** With other parts beside it, a parameter is neither a catch-all nor, except behind a dot, optional. */
function checkSegment(parts: Segment): void {
  if (parts.length < 2) return;
  for (const [index, part] of parts.entries()) {
    if (typeof part === 'string') continue;
    const followsDot = index === parts.length - 1 && parts[index - 1] === '.';
    const wrong = part.catchAll || (part.optional && !followsDot);
    if (wrong) throw new Error(`The route parameter "{${part.name}}" needs a segment of its own.`);
    if (typeof parts[index + 1] === 'object') {
      throw new Error(`The route parameter "{${part.name}}" has another one right behind it.`);
    }
  }
}
