import { readArm } from '../../../clients/arm-errors';
import type { RawArm } from '../../../clients/raw-arm';
import type { Json } from '../../../domain/migration/snapshot';
import { objectIn, objectsIn } from '../../../domain/migration/json';

interface ListOfArm {
  readonly path: string;
  readonly apiVersion: string;
}

/** All resources of a list of ARM, as they are on the wire; none when what they are in does not exist. */
export async function rawList(arm: RawArm, list: ListOfArm): Promise<readonly Json[]> {
  return (await readArm(list.path.split('?')[0] ?? '', () => pages(arm, list))) ?? [];
}

async function pages(arm: RawArm, { path, apiVersion }: ListOfArm): Promise<readonly Json[]> {
  const found: Json[] = [];
  let answer = await arm({ method: 'GET', path, apiVersion });
  for (;;) {
    const { value, nextLink } = objectIn(answer.body);
    found.push(...objectsIn(value));
    if (typeof nextLink !== 'string' || nextLink === '') return found;
    answer = await arm({ method: 'GET', path: nextLink });
  }
}

/** Asks for many things, a few at a time: one principal gets only so many answers a second. */
export async function eachOf<T, R>(
  items: readonly T[],
  ask: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const atOnce = 8;
  for (let begin = 0; begin < items.length; begin += atOnce) {
    results.push(...(await Promise.all(items.slice(begin, begin + atOnce).map(ask))));
  }
  return results;
}
