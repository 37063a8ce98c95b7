import ranges from './data/api-versions.json';
import type { Behaviour } from './behaviour';
import { armError } from './provider';
import type { ArmResponse, ResourceProvider } from './provider';

const rangeOf: Readonly<Record<string, readonly string[]>> = ranges;

/**
 * Refuses an api-version that is no date, or one outside the years in which the namespace had any. Which dates in
 * between were published is not told apart: a client of any age finds its own.
 */
export function refusedVersion(
  version: string,
  { namespace, apiVersions }: ResourceProvider,
  cloud: Behaviour['cloud'],
): ArmResponse | undefined {
  const [first, newest] = datesOf(namespace, cloud);
  const isKnown = apiVersions?.includes(version) ?? (version >= first && version <= newest);
  if (isKnown && isVersion(version) && isOffered(version, cloud)) return undefined;
  return notOffered(version, apiVersions ?? [first, newest]);
}

function datesOf(
  namespace: string,
  { newestApiVersion }: Behaviour['cloud'],
): readonly [first: string, newest: string] {
  const [first = '', latest = '9'] = rangeOf[namespace] ?? [];
  return [first, newestApiVersion ?? latest];
}

function isOffered(version: string, { previews }: Behaviour['cloud']): boolean {
  return previews || !version.includes('preview');
}

function notOffered(version: string, known: readonly string[]): ArmResponse {
  return armError(
    400,
    'NoRegisteredProviderFound',
    `No registered resource provider found for API version '${version}'. The supported api-versions are '${known.join(', ')}'.`,
  );
}

function isVersion(version: string): boolean {
  const [, date] = /^(\d{4}-\d{2}-\d{2})(-[a-z]+(\.\d+)?)?$/.exec(version) ?? [];
  if (date === undefined) return false;
  const read = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(read) && new Date(read).toISOString().startsWith(date);
}
