import { isAhead } from '../domain/pod-identity/acceptance';
import { Problem } from './problem';

/** A day that is over accepts nothing. @throws Problem */
export function requireFuture(expires: string, pointer = '/expires'): void {
  if (isAhead(expires, new Date().toISOString())) return;
  throw new Problem('validation-failed', 'The add-on is accepted for a time to come only.', [
    { pointer, code: 'not-in-the-future', message: 'must be a day in the future' },
  ]);
}
