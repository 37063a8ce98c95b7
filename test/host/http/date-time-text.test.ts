import { isDateTime } from '../../../host/http/date-time-text';

describe('a text that .NET takes for a date or a time', () => {
  it.each([
    '2031-02-03',
    '2031-2-3',
    '2031-02-03T04:05:06',
    '2031-02-03T04:05:06.1234567Z',
    '2031-02-03 04:05',
    '2031-02-03T04:05:06+02:00',
    '2/3/2031 4:05 PM',
    '02-03-2031',
    '2031-02',
    '02-03',
    '3 Feb 2031',
    'February 3, 2031',
    'Tue, 03 Feb 2031 04:05:06 GMT',
    '2028-02-29',
    '12:30',
    '5 PM',
    ' 2031-02-03 ',
  ])('"%s" is one', (text) => {
    expect(isDateTime(text)).toBe(true);
  });

  it.each([
    '',
    'soon',
    'today',
    '12',
    '2031',
    '20310203',
    '2031-13-01',
    '2031-02-30',
    '2027-02-29',
    '13-02-2031',
    '2031-02-03T25:00:00',
    '2031-02-03T04:60:00',
    '2031-02-03X04:05:06',
    '13 PM',
    '0000-01-01',
  ])('"%s" is none', (text) => {
    expect(isDateTime(text)).toBe(false);
  });
});
