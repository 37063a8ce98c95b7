import { passes } from '../../../simulator/event-grid/advanced-filter';
import type { AdvancedFilter } from '../../../simulator/event-grid/advanced-filter';
import type { Json } from '../../../simulator/json';
import { anEvent } from './a-grid';

type Condition = readonly [AdvancedFilter['operatorType'], Json | undefined, Json];

const given: readonly (readonly [...Condition, boolean])[] = [
  ['NumberIn', 3, [1, 3], true],
  ['NumberIn', 2, [1, 3], false],
  ['NumberNotIn', 2, [1, 3], true],
  ['NumberNotIn', 3, [1, 3], false],
  ['NumberNotIn', undefined, [1], true],
  ['NumberLessThan', 3, 3, false],
  ['NumberLessThan', 2, 3, true],
  ['NumberLessThanOrEquals', 3, 3, true],
  ['NumberGreaterThan', 3, 3, false],
  ['NumberGreaterThan', 3.5, 3, true],
  ['NumberGreaterThanOrEquals', 3, 3, true],
  ['NumberGreaterThanOrEquals', '3', 3, false],
  [
    'NumberInRange',
    5,
    [
      [1, 2],
      [4, 5],
    ],
    true,
  ],
  [
    'NumberInRange',
    3,
    [
      [1, 2],
      [4, 5],
    ],
    false,
  ],
  [
    'NumberNotInRange',
    3,
    [
      [1, 2],
      [4, 5],
    ],
    true,
  ],
  ['NumberNotInRange', 1, [[1, 2]], false],
  ['BoolEquals', true, true, true],
  ['BoolEquals', false, true, false],
  ['BoolEquals', 'true', true, false],
  ['StringIn', 'Blue', ['red', 'BLUE'], true],
  ['StringNotIn', 'blue', ['BLUE'], false],
  ['StringNotIn', undefined, ['blue'], true],
  ['StringBeginsWith', 'Blueish', ['blue'], true],
  ['StringNotBeginsWith', 'Blueish', ['blue'], false],
  ['StringEndsWith', 'Blueish', ['ISH'], true],
  ['StringNotEndsWith', 'Blueish', ['red'], true],
  ['StringContains', 'Blueish', ['EIS'], true],
  ['StringNotContains', 'Blueish', ['x', 'eis'], false],
  ['IsNullOrUndefined', undefined, null, true],
  ['IsNullOrUndefined', null, null, true],
  ['IsNullOrUndefined', 0, null, false],
  ['IsNotNull', 0, null, true],
  ['IsNotNull', null, null, false],
];

describe('an advanced filter', () => {
  it.each(given)('%s of %j with %j is %s', (...[operatorType, value, wanted, expected]) => {
    expect(passes(filterOf(operatorType, wanted), eventWith(value), false)).toBe(expected);
  });

  it.each([
    ['StringIn', ['b'], true],
    ['StringNotIn', ['b'], false],
    ['StringNotIn', ['c'], true],
  ] as const)('%s %j looks into lists only when asked', (operatorType, wanted, expected) => {
    const event = eventWith(['a', 'b']);
    const negated = operatorType === 'StringNotIn';

    expect(passes(filterOf(operatorType, wanted), event, true)).toBe(expected);
    expect(passes(filterOf(operatorType, wanted), event, false)).toBe(negated);
  });

  it.each(['id', 'Topic', 'source', 'subject', 'eventType', 'type', 'dataVersion'])(
    'knows %s of the envelope',
    (key) => {
      const event = { ...eventWith(1), dataVersion: '2' };

      expect(passes({ operatorType: 'IsNotNull', key }, event, false)).toBe(true);
    },
  );
});

function filterOf(operatorType: AdvancedFilter['operatorType'], wanted: Json): AdvancedFilter {
  const key = 'data.x';
  return Array.isArray(wanted)
    ? { operatorType, key, values: wanted as readonly Json[] }
    : { operatorType, key, value: wanted };
}

function eventWith(x: Json | undefined) {
  return { ...anEvent({ data: { x } }), id: '1' };
}
