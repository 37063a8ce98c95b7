import type { Activities } from '../../../activities';
import type { MigrationActivities } from '../../../activities/migration';
import type { Case } from './case';
import { changingCases } from './changing-cases';
import { readingCases } from './reading-cases';

/** At least one case for each activity; several where one does not call all that the activity may call. */
export const cases: Readonly<
  Record<Exclude<keyof Activities, keyof MigrationActivities>, readonly Case[]>
> = {
  ...readingCases,
  ...changingCases,
};

/** Every case with a title, for `it.each`. */
export const titledCases: readonly (readonly [string, Case])[] = Object.entries(cases).flatMap(
  ([name, list]) => list.map((one) => [`${name}: ${one.what}`, one] as const),
);
