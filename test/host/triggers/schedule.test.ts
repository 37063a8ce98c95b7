import { isFrequent, parseSchedule } from '../../../host/triggers/schedule';

const at = (text: string): number => Date.parse(text);

const nexts = (expression: string, from: string, count: number): string[] => {
  const schedule = parseSchedule(expression, 'UTC');
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
  ])('%s after %s fires at %j', (expression, from, expected) => {
    const times = nexts(expression, from, expected.length);

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
    '00:00:00',
  ])('is refused when it is "%s"', (expression) => {
    const parse = (): unknown => parseSchedule(expression, 'UTC');

    expect(parse).toThrow(
      `The schedule expression '${expression}' was not recognized as a valid cron expression or timespan string.`,
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
