/** Measurements of one name. The name of a counter is without `_total`, which the format adds. */
export interface Family {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  /** One sentence. */
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

export type Labels = Readonly<Record<string, string>>;

/** Prometheus text 0.0.4, or OpenMetrics text 1.0.0. */
export type Format = 'prometheus' | 'openmetrics';

export const mediaTypes: Readonly<Record<Format, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** A family without samples is left out: what is not known is not zero. */
export function expose(families: readonly Family[], format: Format): string {
  const known = families.filter(({ samples }) => samples.length > 0);
  const lines = known.flatMap((family) => linesOf(family, format));
  return [...lines, ...(format === 'openmetrics' ? ['# EOF'] : []), ''].join('\n');
}

function linesOf({ name, type, help, samples }: Family, format: Format): readonly string[] {
  const sampleName = type === 'counter' ? `${name}_total` : name;
  const familyName = format === 'openmetrics' ? name : sampleName;
  return [
    `# HELP ${familyName} ${format === 'openmetrics' ? escaped(help) : escapedHelp(help)}`,
    `# TYPE ${familyName} ${type}`,
    ...samples.map(({ labels, value }) => `${sampleName}${labelsText(labels)} ${value}`),
  ];
}

function labelsText(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function escaped(text: string): string {
  return escapedHelp(text).replaceAll('"', '\\"');
}

function escapedHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** Which format a scraper likes best; one that says nothing gets Prometheus text. */
export function formatFor(accept: string): Format {
  const liking = (type: RegExp): number => {
    const wanted = accept.split(',').filter((part) => type.test(part.trim()));
    return Math.max(0, ...wanted.map((part) => Number(/;\s*q=([\d.]+)/.exec(part)?.[1] ?? 1)));
  };
  const openMetrics = liking(/^application\/openmetrics-text\b/i);
  return openMetrics > 0 && openMetrics >= liking(/^(text\/plain|text\/\*)/i)
    ? 'openmetrics'
    : 'prometheus';
}
