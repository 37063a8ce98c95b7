/**
 * Reads Prometheus text 0.0.4 and OpenMetrics text 1.0.0 by their own grammars, written from the two specifications and
 * from nothing else. Throws for whatever a scraper would refuse.
 */
export interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly ParsedSample[];
}

export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const metricName = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const labelName = '[a-zA-Z_][a-zA-Z0-9_]*';
const labelValue = String.raw`"(?:[^"\\\n]|\\[\\n"])*"`;
const number = String.raw`[+-]?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Inf)|NaN`;
const labels = `(?:${labelName}=${labelValue}(?:,${labelName}=${labelValue})*)`;
const sampleLine = new RegExp(`^(${metricName})(?:\\{(${labels})\\})? (${number})$`);
const helpLine = new RegExp(`^# HELP (${metricName}) ((?:[^\\\\\\n]|\\\\[\\\\n"])+)$`);
const typeLine = new RegExp(`^# TYPE (${metricName}) (counter|gauge)$`);

export function parseMetrics(
  text: string,
  format: 'prometheus' | 'openmetrics',
): readonly ParsedFamily[] {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error('the last line has no end');
  if (format === 'openmetrics' && lines.pop() !== '# EOF') throw new Error('no EOF');
  const families: ParsedFamily[] = [];
  while (lines.length > 0) families.push(familyOf(lines, format));
  const names = families.map(({ name }) => name);
  if (new Set(names).size !== names.length) throw new Error('a family comes twice');
  return families;
}

/** Takes the lines of one family from the beginning. */
function familyOf(lines: string[], format: string): ParsedFamily {
  const [, helped = '', help = ''] = required(helpLine, lines.shift());
  const [, name = '', type = ''] = required(typeLine, lines.shift());
  if (name !== helped) throw new Error(`HELP of ${helped}, TYPE of ${name}`);
  const until = lines.findIndex((line) => line.startsWith('#'));
  const own = lines.splice(0, until < 0 ? lines.length : until);
  const family = { name, type, help: unescaped(help), samples: own.map(sampleOf) };
  check(family, format);
  return family;
}

function required(pattern: RegExp, line = ''): RegExpExecArray {
  const found = pattern.exec(line);
  if (!found) throw new Error(`no line of the grammar: ${line}`);
  return found;
}

function sampleOf(line: string): ParsedSample {
  const [, name = '', inner = '', value = ''] = required(sampleLine, line);
  const pairs = [...inner.matchAll(new RegExp(`(${labelName})=(${labelValue})`, 'g'))];
  const all = pairs.map(([, label = '', text = '']): [string, string] => [
    label,
    unescaped(text.slice(1, -1)),
  ]);
  if (new Set(all.map(([label]) => label)).size !== all.length) throw new Error('a label twice');
  if (all.some(([label]) => label.startsWith('__'))) throw new Error('a reserved label');
  return { name, labels: Object.fromEntries(all), value: Number(value) };
}

function check({ name, type, samples }: ParsedFamily, format: string): void {
  if (samples.length === 0) throw new Error(`${name} has no samples`);
  // A counter's samples end in `_total`; in OpenMetrics its family does not, in Prometheus text it does.
  const total = type === 'counter' && format === 'openmetrics' ? `${name}_total` : name;
  if (type === 'counter' && !/(?<!_total)_total$/.test(total))
    throw new Error(`${name}: no _total`);
  const series = samples.map((sample) => {
    if (sample.name !== total) throw new Error(`${sample.name} is not of ${name}`);
    if (type === 'counter' && !(sample.value >= 0)) throw new Error(`${name} counts backwards`);
    return JSON.stringify(Object.entries(sample.labels).sort());
  });
  if (new Set(series).size !== series.length) throw new Error(`${name} has a series twice`);
}

function unescaped(text: string): string {
  return text.replace(/\\([\\n"])/g, (_whole, one: string) => (one === 'n' ? '\n' : one));
}
