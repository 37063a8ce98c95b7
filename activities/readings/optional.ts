import { readArm } from '../../clients/arm-errors';
import { FailureError } from '../../domain/outcome';

/**
 * A reading that a plan can do without: `undefined` for what does not exist, and for what Steward may not
 * read. What depends on it is unknown then.
 */
export async function readIfAllowed<T>(
  target: string,
  call: () => Promise<T>,
): Promise<T | undefined> {
  return unlessForbidden(() => readArm(target, call));
}

/** `undefined` for what Steward may not read. */
export async function unlessForbidden<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof FailureError && error.failure.code === 'Forbidden') return undefined;
    throw error;
  }
}
