const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const month =
  '(?<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const weekday = '(?:(?:sun|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat)(?:day)?[,.]? *)?';
const gap = '(?: *[-/., ] *)';
const [day, year] = ['(?<day>\\d{1,2})', '(?<year>\\d{3,4})'];

/** In the order in which the invariant culture of .NET prefers them: month before day. */
const dateForms = [
  `${year}${gap}(?<m>\\d{1,2})${gap}${day}`,
  `(?<m>\\d{1,2})${gap}${day}${gap}(?<year>\\d{1,4})`,
  `${year}${gap}(?<m>\\d{1,2})`,
  `(?<m>\\d{1,2})${gap}${year}`,
  `(?<m>\\d{1,2})${gap}${day}`,
  `${month}${gap}?${day}(?:${gap}(?<year>\\d{1,4}))?`,
  `${day}${gap}?${month}(?:${gap}(?<year>\\d{1,4}))?`,
  `${month}${gap}${year}`,
  `${year}${gap}${month}(?:${gap}${day})?`,
].map((form) => new RegExp(`^${weekday}${form}$`, 'i'));

const half = '(?: ?(?<half>[ap]m?))';
const time = new RegExp(
  `^(?:(?<hour>\\d{1,2})(?::(?<minute>\\d{1,2})(?::(?<second>\\d{1,2})(?:[.,]\\d+)?)?${half}?|${half}))$`,
  'i',
);
const zone = / ?(?:z|gmt|[+-](?:0?\d|1[0-4])(?::?[0-5]\d)?)$/i;

/** Whether .NET takes a text for a date, a time or both (`DateTime.TryParse`, invariant culture). */
export function isDateTime(text: string): boolean {
  const trimmed = text.trim();
  if (isTime(trimmed) || isTime(trimmed.replace(zone, '')) || isDate(trimmed)) return true;
  for (const { index, 0: between } of trimmed.matchAll(/t(?=\d)| +/gi)) {
    const rest = trimmed.slice(index + between.length);
    const isRestTime = isTime(rest) || isTime(rest.replace(zone, ''));
    if (isRestTime && isDate(trimmed.slice(0, index))) return true;
  }
  return false;
}

function isDate(text: string): boolean {
  return dateForms.some((form) => {
    const groups = form.exec(text)?.groups;
    return groups !== undefined && isOnCalendar(groups);
  });
}

function isOnCalendar(groups: Readonly<Record<string, string | undefined>>): boolean {
  const monthNumber = toMonth(groups);
  const [yearNumber, dayNumber] = [Number(groups['year'] ?? 2000), Number(groups['day'] ?? 1)];
  if (groups['year'] !== undefined && groups['year'].length !== 2 && yearNumber < 1) return false;
  const last = new Date(Date.UTC(2000 + (yearNumber % 400), monthNumber, 0)).getUTCDate();
  const isMonth = monthNumber >= 1 && monthNumber <= 12;
  return isMonth && dayNumber >= 1 && dayNumber <= last;
}

function toMonth(groups: Readonly<Record<string, string | undefined>>): number {
  const name = groups['month']?.slice(0, 3).toLowerCase();
  return name === undefined ? Number(groups['m']) : months.indexOf(name) + 1;
}

function isTime(text: string): boolean {
  const groups = time.exec(text)?.groups;
  if (!groups) return false;
  const [hour, minute, second] = ['hour', 'minute', 'second'].map((unit) =>
    Number(groups[unit] ?? 0),
  );
  const lastHour = groups['half'] === undefined ? 23 : 12;
  return (hour ?? 0) <= lastHour && (minute ?? 0) <= 59 && (second ?? 0) <= 59;
}
