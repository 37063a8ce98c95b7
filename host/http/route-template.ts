import { isCatchAll, type Parameter, parsePattern, type Segment } from './route-pattern';
import { matchSegment, type RouteValues } from './route-segment';

/** A route with places for values, such as `api/orders/{id:int}`. */
export interface RouteTemplate {
  /** The values of a decoded path, or undefined when it does not match. */
  match(path: string): Record<string, string> | undefined;
}

/**
 * Understands templates as ASP.NET Core does.
 * @throws Error naming what is wrong with the template
 */
export function parseTemplate(template: string): RouteTemplate {
  const segments = parsePattern(template);
  const parameters = segments.flat().filter((part) => typeof part === 'object');
  return {
    match(path) {
      const values = matchSegments(segments, path);
      if (!values) return undefined;
      for (const { name, standard } of parameters) values[name] ??= standard;
      if (!parameters.every((parameter) => accepts(parameter, values))) return undefined;
      return present(values);
    },
  };
}

/** One slash at the end does not count, except as the end of what a catch-all takes. */
function matchSegments(segments: readonly Segment[], path: string): RouteValues | undefined {
  const text = path.slice(1);
  const parts = text === '' ? [] : text.replace(/\/$/, '').split('/');
  const values: RouteValues = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    const [only] = segment;
    if (part === '') return undefined;
    if (isCatchAll(only)) {
      values[only.name] = text.split('/').slice(index).join('/') || undefined;
      return values;
    }
    const fits = part === undefined ? isOptional(segment) : matchSegment(segment, part, values);
    if (!fits) return undefined;
  }
  return parts.length > segments.length ? undefined : values;
}

function isOptional(segment: Segment): boolean {
  const [only] = segment;
  if (segment.length > 1 || typeof only !== 'object') return false;
  return only.optional || only.standard !== undefined;
}

/** A value that is left out is no value for an optional parameter, but for a catch-all it is none. */
function accepts({ name, optional, constraints }: Parameter, values: RouteValues): boolean {
  const value = values[name];
  return (optional && value === undefined) || constraints.every((holds) => holds(value));
}

function present(values: RouteValues): Record<string, string> {
  const entries = Object.entries(values).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}
