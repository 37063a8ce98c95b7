import type * as z from 'zod';

import { Problem } from './problem';

/** What is wrong with the form of a body, with a pointer to every wrong member. */
export function shapeProblem({ issues }: z.ZodError): Problem {
  const unknown = issues.find((issue) => issue.code === 'unrecognized_keys');
  if (unknown) {
    const errors = unknown.keys.map((key) => ({
      pointer: pointerOf([...unknown.path, key]),
      code: 'unknown-field',
      message: 'is not a field of this request',
    }));
    return new Problem('unknown-field', `Unknown: ${unknown.keys.join(', ')}.`, errors);
  }
  const errors = issues.map(({ path, code, message }) => ({
    pointer: pointerOf(path),
    code: code.replaceAll('_', '-'),
    message,
  }));
  return new Problem('validation-failed', 'The body does not have the form of a request.', errors);
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part)}`).join('');
}
