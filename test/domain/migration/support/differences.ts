/** String lists that say what there is, in no order. Other string lists are in the order in which things are done or sorted. */
const sets = ['codes', 'identities'];
const identifying = [
  'kind',
  'namespace',
  'name',
  'resourceId',
  'subject',
  'cluster',
  'vmss',
  'identity',
];

type Json = Readonly<Record<string, unknown>>;

/**
 * What of a plan is not as expected, one line each. What the expectation does not name is not looked at,
 * except that a list of objects is complete and a template patch has no member more.
 */
export function differences(actual: unknown, expected: unknown, path = ''): readonly string[] {
  if (Array.isArray(expected)) return listDifferences(actual, expected, path);
  if (!isObject(expected)) return actual === expected ? [] : [line(path, actual, expected)];
  if (!isObject(actual)) return [line(path, actual, expected)];
  const more = path.endsWith('.templatePatch')
    ? Object.keys(actual).filter((key) => !(key in expected))
    : [];
  return [
    ...more.map((key) => `${path}.${key}: is there`),
    ...Object.entries(expected)
      .filter(([key]) => key !== 'comment')
      .flatMap(([key, value]) => differences(actual[key], value, `${path}.${key}`)),
  ];
}

function listDifferences(
  actual: unknown,
  expected: readonly unknown[],
  path: string,
): readonly string[] {
  if (!Array.isArray(actual)) return [line(path, actual, expected)];
  const objects = [...expected, ...(actual as unknown[])].some(isObject);
  if (!objects) {
    const key = path.slice(path.lastIndexOf('.') + 1);
    const [one, other] = sets.includes(key)
      ? [[...new Set(actual as unknown[])].sort(), [...new Set(expected)].sort()]
      : [actual, expected];
    return JSON.stringify(one) === JSON.stringify(other) ? [] : [line(path, actual, expected)];
  }
  const left = [...(actual as unknown[])];
  const found = expected.flatMap((item) => {
    const index = left.findIndex((candidate) => isSameThing(candidate, item));
    if (index < 0) return [`${path}: misses ${nameOf(item)}`];
    const [candidate] = left.splice(index, 1);
    return differences(candidate, item, `${path}[${nameOf(item)}]`);
  });
  return [...found, ...left.map((item) => `${path}: has ${nameOf(item)} too`)];
}

function isSameThing(candidate: unknown, expected: unknown): boolean {
  if (!isObject(candidate) || !isObject(expected)) return false;
  const keys = identifying.filter((key) => typeof expected[key] === 'string');
  return keys.length > 0 && keys.every((key) => candidate[key] === expected[key]);
}

function nameOf(item: unknown): string {
  if (!isObject(item)) return JSON.stringify(item);
  return identifying.flatMap((key) => (key in item ? [String(item[key])] : [])).join(' ');
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function line(path: string, actual: unknown, expected: unknown): string {
  return `${path}: is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
}
