import { matches } from '../../../simulator/event-grid/event-filter';
import type { EventFilter } from '../../../simulator/event-grid/event-filter';
import { anEvent } from './a-grid';

const everything: EventFilter = {
  includedEventTypes: undefined,
  subjectBeginsWith: '',
  subjectEndsWith: '',
  isSubjectCaseSensitive: false,
  advancedFilters: [],
};
const event = {
  ...anEvent({
    type: 'Microsoft.Resources.ResourceWriteSuccess',
    subject: '/subscriptions/1/Aks-1',
    data: { operationName: 'Microsoft.ContainerService/managedClusters/write', count: 3 },
  }),
  id: 'event-1',
};

describe('an event filter', () => {
  it.each<[string, Partial<EventFilter>, boolean]>([
    ['no condition', {}, true],
    ['the type', { includedEventTypes: ['x', 'microsoft.resources.resourcewritesuccess'] }, true],
    ['another type', { includedEventTypes: ['Microsoft.Resources.ResourceDeleteSuccess'] }, false],
    ['no type at all', { includedEventTypes: [] }, false],
    ['the beginning of the subject', { subjectBeginsWith: '/SUBSCRIPTIONS/' }, true],
    ['the end of the subject', { subjectEndsWith: 'aks-1' }, true],
    ['another end', { subjectEndsWith: 'aks-2' }, false],
    ['the case of the subject', { subjectEndsWith: 'aks-1', isSubjectCaseSensitive: true }, false],
  ])('with %s answers as Event Grid does', (_, filter, expected) => {
    expect(matches({ ...everything, ...filter }, event)).toBe(expected);
  });

  it.each([
    [
      'StringIn',
      'data.operationName',
      ['x', 'microsoft.containerservice/MANAGEDCLUSTERS/write'],
      true,
    ],
    ['StringIn', 'data.operationName', ['microsoft.containerservice/managedclusters'], false],
    ['StringBeginsWith', 'data.operationName', ['microsoft.containerservice/'], true],
    ['StringEndsWith', 'data.operationName', ['/delete', '/write'], true],
    ['StringContains', 'subject', ['aks'], true],
    ['StringIn', 'eventType', ['Microsoft.Resources.ResourceWriteSuccess'], true],
    ['StringIn', 'data.missing', ['x'], false],
    ['StringIn', 'data.missing.deeper', ['x'], false],
    ['StringIn', 'data.count', ['3'], false],
    ['StringIn', 'data.constructor', ['x'], false],
  ] as const)('with %s on %s for %j is %s', (...[operatorType, key, values, expected]) => {
    const filter = { ...everything, advancedFilters: [{ operatorType, key, values }] };

    expect(matches(filter, event)).toBe(expected);
  });

  it('needs all of its advanced conditions', () => {
    const yes = { operatorType: 'StringContains', key: 'subject', values: ['aks'] } as const;
    const no = { ...yes, values: ['vm'] };

    expect(matches({ ...everything, advancedFilters: [yes, no] }, event)).toBe(false);
  });
});
