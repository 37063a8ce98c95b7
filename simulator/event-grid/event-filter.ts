import { passes } from './advanced-filter';
import type { AdvancedFilter } from './advanced-filter';
import type { GridEvent } from './grid-event';

/** What a subscription wants to hear of. All parts must agree. */
export interface EventFilter {
  /** Undefined: every type. */
  readonly includedEventTypes: readonly string[] | undefined;
  readonly subjectBeginsWith: string;
  readonly subjectEndsWith: string;
  readonly isSubjectCaseSensitive: boolean;
  readonly advancedFilters: readonly AdvancedFilter[];
  /** Whether one fitting item of a list is enough; otherwise no list fits. */
  readonly enableAdvancedFilteringOnArrays?: boolean;
}

export function matches(filter: EventFilter, event: GridEvent): boolean {
  const { enableAdvancedFilteringOnArrays: onArrays = false } = filter;
  return (
    isIncluded(filter, event.type) &&
    hasSubject(filter, event.subject) &&
    filter.advancedFilters.every((advanced) => passes(advanced, event, onArrays))
  );
}

function isIncluded({ includedEventTypes }: EventFilter, type: string): boolean {
  return includedEventTypes?.some((included) => equal(included, type)) ?? true;
}

function hasSubject(filter: EventFilter, subject: string): boolean {
  const fold = (text: string) => (filter.isSubjectCaseSensitive ? text : text.toLowerCase());
  return (
    fold(subject).startsWith(fold(filter.subjectBeginsWith)) &&
    fold(subject).endsWith(fold(filter.subjectEndsWith))
  );
}

function equal(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
