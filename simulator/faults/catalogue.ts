import data from '../data/errors.json';

export interface KnownError {
  readonly code: string;
  /** Absent where the code is only how an operation ends. */
  readonly status?: number;
  readonly envelope?: string;
  readonly subcode?: string;
}

const errors: readonly KnownError[] = data.errors;

/** The error that Azure has by this code, as the answer to a request where there is one. */
export function knownError(code: string): KnownError | undefined {
  const all = errors.filter((error) => error.code.toLowerCase() === code.toLowerCase());
  return all.find(({ status }) => status !== undefined) ?? all[0];
}
