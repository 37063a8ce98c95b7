import { isFrequent, parseSchedule, type Schedule } from '../../../host/triggers/schedule';

const at = (text: string): number => Date.parse(text);

const nexts = (schedule: Schedule, from: string, count: number): string[] => {
  const times: string[] = [];
  let time: number | undefined = at(from);
  while (times.length < count) {
    time = schedule.next(time);
    if (time === undefined) break;
    times.push(new Date(time).toISOString().replace('.000Z', ''));
  }
  return times;
};

describe('a schedule', () => {
  it.each([
    ['*/5 * * * * *', '2026-11-24T15:39:58Z', ['2026-11-24T15:40:00', '2026-11-24T15:40:05']],
    ['*/20 * * * *', '2026-11-24T15:39:41Z', ['2026-11-24T15:40:00', '2026-11-24T16:00:00']],
    ['0 0 8-10/2,22 * * *', '2026-01-01T09:00:00Z', ['2026-01-01T10:00:00', '2026-01-01T22:00:00']],
    ['0 30 9 1 jan *', '2026-11-24T00:00:00Z', ['2027-01-01T09:30:00']],
    ['0 0 0 13 * FRI', '2026-11-24T15:39:41Z', ['2027-08-13T00:00:00']],
    ['0 0 0 * * 0', '2026-11-24T15:39:41Z', ['2026-11-29T00:00:00']],
    ['0 0 0 29 2 *', '2026-03-01T00:00:00Z', ['2028-02-29T00:00:00', '2032-02-29T00:00:00']],
    ['0 0 0 29 Feb *', '2026-03-01T00:00:00Z', ['2028-02-29T00:00:00']],
    ['0 0 0 * * Saturday,SUN', '2026-11-24T15:39:41Z', ['2026-11-28T00:00:00']],
    ['0 0 0 * January mo', '2026-11-24T15:39:41Z', ['2027-01-04T00:00:00', '2027-01-11T00:00:00']],
    ['0 5/15 * * * *', '2026-11-24T15:39:41Z', ['2026-11-24T15:50:00', '2026-11-24T16:05:00']],
    ['0 0 9-17/4 * * 1-5', '2026-11-27T15:00:00Z', ['2026-11-27T17:00:00', '2026-11-30T09:00:00']],
    ['0 0 22-20 * * *', '2026-11-24T21:30:00Z', ['2026-11-24T22:00:00', '2026-11-25T20:00:00']],
    ['0 0 0 31 * *', '2026-03-31T15:00:00Z', ['2026-05-31T00:00:00', '2026-07-31T00:00:00']],
    ['0 30 2 * * *', '2026-03-28T12:00:00Z', ['2026-03-29T02:30:00', '2026-03-30T02:30:00']],
    ['0 0 0 30 2 *', '2026-03-01T00:00:00Z', []],
    ['00:00:03', '2026-11-24T15:39:41Z', ['2026-11-24T15:39:44', '2026-11-24T15:39:47']],
    ['1.00:00:00', '2026-11-24T15:39:41Z', ['2026-11-25T15:39:41']],
  ])('%s after %s fires at %j', (expression, from, expected) => {
    const times = nexts(parseSchedule(expression, 'UTC'), from, Math.max(expected.length, 1));

    expect(times).toEqual(expected);
  });

  it.each([
    'every day',
    '',
    '* * * *',
    '0 0 0 1 1 * 2030',
    '60 * * * * *',
    '0 0 0 L * *',
    '0 0 0 15W * *',
    '0 0 0 * * fri#2',
    '@daily',
    '0 0 0 foo * *',
    '0 0 0 * * 7',
    '0 0 0 * 13 *',
    '0 0 0 0 * *',
    '0 0 24 * * *',
    '0 0 0 * mon *',
    '1-2-3 * * * * *',
    '*/0 * * * * *',
    ', * * * * *',
    '5- * * * * *',
    '-5 * * * * *',
    '00:00:00',
  ])('is refused when it is "%s"', (expression) => {
    const parse = (): unknown => parseSchedule(expression, 'UTC');

    expect(parse).toThrow(
      `The schedule expression '${expression}' was not recognized as a valid cron expression or timespan string.`,
    );
  });

  it.each([
    // The night in which the clock goes from 2:00 to 3:00: what would be in between is not left out.
    ['0 30 2 * * *', '2026-03-28T12:00:00Z', ['2026-03-29T01:00:00', '2026-03-30T00:30:00']],
    // The night in which it goes from 3:00 back to 2:00: a daily timer does not fire twice.
    ['0 30 2 * * *', '2026-10-24T12:00:00Z', ['2026-10-25T00:30:00', '2026-10-26T01:30:00']],
    ['0 0 * * * *', '2026-10-25T00:00:00Z', ['2026-10-25T01:00:00', '2026-10-25T02:00:00']],
    ['0 0 9 * * *', '2026-07-01T12:00:00Z', ['2026-07-02T07:00:00']],
    ['0 0 9 * * *', '2026-12-01T12:00:00Z', ['2026-12-02T08:00:00']],
  ])('%s after %s in Berlin fires at %j', (expression, from, expected) => {
    const times = nexts(parseSchedule(expression, 'Europe/Berlin'), from, expected.length);

    expect(times).toEqual(expected);
  });

  it('needs a time zone that exists', () => {
    const parse = (): unknown => parseSchedule('0 * * * * *', 'W. Europe Standard Time');

    expect(parse).toThrow(
      "There is no time zone 'W. Europe Standard Time'. Set WEBSITE_TIME_ZONE to a name like 'Europe/Berlin'.",
    );
  });

  it.each([
    ['*/30 * * * * *', true],
    ['0 * * * * *', false],
    ['00:00:59', true],
    ['00:01:00', false],
  ])('%s fires more than once a minute: %s', (expression, expected) => {
    const frequent = isFrequent(parseSchedule(expression, 'UTC'), 0);

    expect(frequent).toBe(expected);
  });
});
