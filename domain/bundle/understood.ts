import * as z from 'zod';

/**
 * Reads a part of a bundle.
 *
 * @param part where the part is in the bundle; empty for the whole of it.
 * @throws Error of one line that names the member of the wrong form.
 */
export function understood<T>(part: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    const where = [part, ...(issue?.path ?? [])].filter((one) => one !== '').join('.');
    throw new Error(`${where === '' ? 'the bundle' : where}: ${issue?.message ?? 'is wrong'}`, {
      cause: error,
    });
  }
}
