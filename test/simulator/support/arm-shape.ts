import { at, textAt } from '../../../simulator/json';
import type { Reply } from './running';

/** What is wrong with the form of an answer; undefined for a success and for an error as Azure's. */
export function misshapen({ status, body }: Reply): string | undefined {
  if (status >= 500) return `status ${status}: ${JSON.stringify(body)}`;
  if (status < 400) return undefined;
  const error = at(body, 'error') ?? body;
  const wellFormed =
    (textAt(error, 'code') ?? '') !== '' && (textAt(error, 'message') ?? '') !== '';
  return wellFormed ? undefined : `status ${status} with ${JSON.stringify(body)}`;
}
