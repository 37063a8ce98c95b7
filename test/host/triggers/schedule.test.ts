import { parseSchedule, type Schedule } from '../../../host/triggers/schedule';
import { openTimeZone } from '../../../host/triggers/time-zone';

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
    ['00:00:03', '2026-11-24T15:39:41Z', ['2026-11-24T15:39:44', '2026-11-24T15:39:47']],
    ['2', '2026-11-24T15:39:41Z', ['2026-11-26T15:39:41']],
    [' */30  * * * * * ', '2026-11-24T15:39:41.900Z', ['2026-11-24T15:40:00']],
    ['0 0 22-20 * * *', '2026-01-01T00:00:00Z', ['2026-01-01T20:00:00', '2026-01-01T21:00:00']],
    ['0 50/5 * * * *', '2026-01-01T00:50:00Z', ['2026-01-01T00:55:00', '2026-01-01T01:50:00']],
    ['0 0 0 1 j *', '2026-03-01T00:00:00Z', ['2027-01-01T00:00:00']],
    ['0 0 0 * March-may 1-wednesday', '2026-05-30T00:00:00Z', ['2027-03-01T00:00:00']],
    ['0,0 0/0 0 * * *', '2026-01-01T00:00:00Z', ['2026-01-01T00:01:00', '2026-01-01T00:02:00']],
    ['0 0 0 30 2 *', '2026-01-01T00:00:00Z', []],
    ['0 0 0 31 * *', '2026-04-01T00:00:00Z', ['2026-05-31T00:00:00', '2026-07-31T00:00:00']],
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
    '0 0 0 ? * *',
    '0 0 0 * * 7',
    '0 0 0 * * monx',
    '0 0 24 * * *',
    '0 0 0 0 * *',
    '0 0 0 1, * *',
    '0 0 0 1- * *',
    '*/ * * * * *',
    '*/x * * * * *',
    '*-5 * * * * *',
    '0 mon * * * *',
    '0\t* * * * *',
    '24:00:00',
    '00:60:00',
    '0 0 0 foo * *',
    '00:00:00',
  ])('is refused when it is "%s"', (expression) => {
    const parse = (): unknown => parseSchedule(expression, 'UTC');

    expect(parse).toThrow(
      `The schedule expression '${expression}' was not recognized as a valid cron expression or timespan string.`,
    );
  });

  it.each([
    ['*/30 * * * * *', true],
    ['0,1 * 0-23 * * *', true],
    ['0 * * * * *', false],
    ['* 30 * * * *', false],
    ['* * * * * 1-5', false],
    ['00:00:59', true],
    ['00:01:00', false],
  ])('%s fires more than once a minute: %s', (expression, expected) => {
    expect(parseSchedule(expression, 'UTC').isFrequent).toBe(expected);
  });

  it.each([
    ['0 30 2 * * *', '2026-03-28T01:30:00Z', ['2026-03-29T01:30:00', '2026-03-30T00:30:00']],
    ['0 30 2 * * *', '2026-10-24T00:30:00Z', ['2026-10-25T00:30:00', '2026-10-26T01:30:00']],
    ['0 30 2 * * *', '2026-10-25T01:10:00Z', ['2026-10-26T01:30:00']],
    [
      '0 */30 * * * *',
      '2026-10-25T00:00:00Z',
      [
        '2026-10-25T00:30:00',
        '2026-10-25T01:00:00',
        '2026-10-25T01:30:00',
        '2026-10-25T02:00:00',
        '2026-10-25T02:30:00',
      ],
    ],
    [
      '0 */30 * * * *',
      '2026-03-29T00:30:00Z',
      ['2026-03-29T01:00:00', '2026-03-29T01:30:00', '2026-03-29T02:00:00'],
    ],
  ])('%s in Berlin after %s fires at %j', (expression, from, expected) => {
    const schedule = parseSchedule(expression, 'Europe/Berlin');
    const times = nexts(schedule, from, expected.length);

    expect(times).toEqual(expected);
  });
});

describe('a time zone', () => {
  it.each([
    ['Asia/Kolkata', 330],
    ['America/St_Johns', -210],
    ['Etc/UTC', 0],
  ])('%s is %i minutes from UTC in winter', (name, minutes) => {
    expect(openTimeZone(name).offsetAt(at('2026-01-01T00:00:00Z'))).toBe(minutes * 60_000);
  });

  it('is refused when nobody knows it', () => {
    expect(() => openTimeZone('Middle/Earth')).toThrow("There is no time zone 'Middle/Earth'.");
  });
});
