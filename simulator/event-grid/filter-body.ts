import { z } from 'zod';

import { advancedOperators, operatorOf, wantedBy } from './advanced-filter';
import type { AdvancedFilter as Condition } from './advanced-filter';

// "Understand event filtering": at most 25 conditions and 25 values in all; a text has at most 512 characters.
const mostConditions = 25;
const mostValues = 25;

const types = {
  number: z.number(),
  range: z.tuple([z.number(), z.number()]),
  boolean: z.boolean(),
  string: z.string().max(512),
  anything: z.json(),
};

const AdvancedFilter = z
  .object({
    operatorType: z.enum(advancedOperators, {
      error: `must be one of ${advancedOperators.join(', ')}`,
    }),
    key: z.string().min(1),
    value: z.json().optional(),
    values: z.array(z.json()).optional(),
  })
  .superRefine((filter, context) => {
    const { takes, of } = operatorOf(filter.operatorType);
    if (takes === 'nothing') return;
    const wanted = filter[takes] === undefined ? [] : wantedBy(filter);
    const isRight =
      wanted.length > 0 && wanted.every((value) => types[of].safeParse(value).success);
    const message = `${filter.operatorType} needs ${takes} of type ${of}`;
    if (!isRight) context.addIssue({ code: 'custom', path: [takes], message });
  });

/** The filter of a subscription as its body has it; what is missing or null lets every event pass. */
export const Filter = z.object({
  includedEventTypes: z.array(z.string()).nullish(),
  subjectBeginsWith: z.string().nullish(),
  subjectEndsWith: z.string().nullish(),
  isSubjectCaseSensitive: z.boolean().nullish(),
  enableAdvancedFilteringOnArrays: z.boolean().nullish(),
  advancedFilters: z
    .array(AdvancedFilter)
    .max(mostConditions)
    .refine(hasFewValues, `has more than ${mostValues} values`)
    .nullish(),
});

function hasFewValues(filters: readonly Condition[]): boolean {
  return filters.reduce((sum, filter) => sum + wantedBy(filter).length, 0) <= mostValues;
}
