import { constraintOf, type RouteConstraint } from './route-constraints';

interface Parameter {
  readonly name: string;
  readonly catchAll: boolean;
  readonly optional: boolean;
  readonly standard: string | undefined;
  readonly constraints: readonly RouteConstraint[];
}

/** Texts and parameters that make up the part between two slashes. */
type Segment = readonly (string | Parameter)[];

/** A route with places for values, such as `orders/{id:int}`. */
export interface RouteTemplate {
  /** The values of a path (encoded, without leading slash), or undefined when it does not match. */
  match(path: string): Record<string, string> | undefined;
}

/**
 * Understands templates as ASP.NET Core writes them: `{name}`, `{name?}`, `{name=default}`,
 * `{name:constraint(arguments)}`, `{*rest}`, and texts around a parameter.
 * @throws Error naming what is wrong with the template
 */
export function parseTemplate(template: string): RouteTemplate {
  const segments = splitSegments(template.replace(/^\/+|\/+$/g, '')).map(parseSegment);
  return { match: (path) => matchSegments(segments, toParts(path)) };
}

/** The slash inside an expression does not end a segment. */
function splitSegments(template: string): string[] {
  if (template === '') return [];
  const segments: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index <= template.length; index += 1) {
    if (template[index] === '{') depth += 1;
    if (template[index] === '}') depth -= 1;
    const ends = index === template.length || (template[index] === '/' && depth === 0);
    if (!ends) continue;
    segments.push(template.slice(start, index));
    start = index + 1;
  }
  if (depth !== 0) throw new Error(`The route "${template}" has a brace without its partner.`);
  return segments;
}

function parseSegment(text: string): Segment {
  const pieces: (string | Parameter)[] = [];
  let rest = text;
  while (rest !== '') {
    const open = rest.indexOf('{');
    if (open !== 0) pieces.push(open < 0 ? rest : rest.slice(0, open));
    if (open < 0) break;
    const close = closingBrace(rest, open);
    pieces.push(parseParameter(rest.slice(open + 1, close)));
    rest = rest.slice(close + 1);
  }
  return pieces;
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let index = open; index < text.length; index += 1) {
    if (text[index] === '{') depth += 1;
    if (text[index] === '}') depth -= 1;
    if (depth === 0) return index;
  }
  throw new Error(`The route "${text}" has a brace without its partner.`);
}

function parseParameter(text: string): Parameter {
  const match =
    /^(\*{0,2})([^:=?*/{}]+)((?::[^:=()?]+(?:\((?:[^()]|\([^()]*\))*\))?)*)(?:=(.*))?(\?)?$/s.exec(
      text,
    );
  if (!match) throw new Error(`The route parameter "{${text}}" cannot be understood.`);
  const [, stars = '', name = '', constraints = '', standard, optional] = match;
  return {
    name,
    catchAll: stars !== '',
    optional: optional !== undefined,
    standard,
    constraints: [...constraints.matchAll(/:([^:=()?]+)(?:\(((?:[^()]|\([^()]*\))*)\))?/gs)].map(
      ([, constraint = '', args]) => constraintOf(constraint, args),
    ),
  };
}

/** One slash at the end does not count. */
function toParts(path: string): string[] {
  const trimmed = path.endsWith('/') ? path.slice(0, -1) : path;
  return trimmed === '' ? [] : trimmed.split('/');
}

function matchSegments(
  segments: readonly Segment[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const [only] = segment;
    if (segment.length === 1 && typeof only === 'object' && only.catchAll) {
      return take(only, parts.slice(index).join('/'), values) ? values : undefined;
    }
    if (!matchSegment(segment, parts[index] ?? '', values)) return undefined;
  }
  return parts.length > segments.length ? undefined : values;
}

function matchSegment(segment: Segment, part: string, values: Record<string, string>): boolean {
  const [only] = segment;
  if (segment.length === 1 && typeof only === 'object') return take(only, part, values);
  const pattern = segment.map((piece) =>
    typeof piece === 'string' ? piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : '(.+)',
  );
  const match = new RegExp(`^${pattern.join('')}$`, 'is').exec(decodePart(part));
  if (!match) return false;
  const parameters = segment.filter((piece) => typeof piece === 'object');
  return parameters.every((parameter, index) => accept(parameter, match[index + 1] ?? '', values));
}

/** A value that is left out is no value: its constraints do not count. */
function take(parameter: Parameter, part: string, values: Record<string, string>): boolean {
  if (part !== '') return accept(parameter, decodePart(part), values);
  if (parameter.standard !== undefined) values[parameter.name] = parameter.standard;
  return parameter.standard !== undefined || parameter.optional || parameter.catchAll;
}

function accept(parameter: Parameter, value: string, values: Record<string, string>): boolean {
  if (!parameter.constraints.every((holds) => holds(value))) return false;
  values[parameter.name] = value;
  return true;
}

/** Everything is decoded but an encoded slash. */
function decodePart(part: string): string {
  const kept = part.replace(/%2f/gi, (slash) => `%25${slash.slice(1)}`);
  try {
    return decodeURIComponent(kept);
  } catch {
    return part;
  }
}
