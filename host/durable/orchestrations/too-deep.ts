import { deepestJson, tooDeepText } from '../../newtonsoft/json-depth';
import type { SdkState } from '../sdk/sdk-state';
import type { Sequence } from './sequencer';

/** Where a value at this depth has one that is nested too deep for .NET. */
function deepPath(value: unknown, path: string, depth: number): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === deepestJson) return path;
  for (const [key, child] of Object.entries(value)) {
    const found = deepPath(child, inside(value, path, key), depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What .NET says about a value in an orchestrator's state that is nested too deep; undefined if none is. */
export function tooDeep(value: unknown, path: string): string | undefined {
  const depth = path.split(/[.[]/).length;
  const deep = deepPath(value, path, depth);
  return deep === undefined ? undefined : `${tooDeepText} Path '${deep}'.`;
}

const inputPath = 'actions[0][0].input';

/** The same about all that a state holds. */
export function tooDeepState(state: SdkState, found: Sequence): string | undefined {
  for (const decision of found.decisions) {
    const problem = 'input' in decision ? tooDeep(decision.input, inputPath) : undefined;
    if (problem !== undefined) return problem;
  }
  return (
    tooDeep(found.continuation?.input, inputPath) ??
    tooDeep(state.output, 'output') ??
    tooDeep(state.customStatus, 'customStatus')
  );
}

function inside(parent: object, path: string, key: string): string {
  if (Array.isArray(parent)) return `${path}[${key}]`;
  return [...(path === '' ? [] : [path]), key].join('.');
}
