import ranges from './data/api-versions.json';
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
): ArmResponse | undefined {
  const [first = '', newest = '9'] = rangeOf[namespace] ?? [];
  const supported = apiVersions?.includes(version) ?? (version >= first && version <= newest);
  if (isVersion(version) && supported) return undefined;
  const known = (apiVersions ?? [first, newest]).join(', ');
  return armError(
    400,
    'NoRegisteredProviderFound',
    `No registered resource provider found for API version '${version}'. The supported api-versions are '${known}'.`,
  );
}

function isVersion(version: string): boolean {
  const [, date] = /^(\d{4}-\d{2}-\d{2})(-[a-z]+(\.\d+)?)?$/.exec(version) ?? [];
  if (date === undefined) return false;
  const read = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(read) && new Date(read).toISOString().startsWith(date);
}
