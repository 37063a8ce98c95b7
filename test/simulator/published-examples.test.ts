import published from '../data/contracts/published-examples.json';
import { at, isObject } from '../../simulator/json';
import type { Json, JsonObject } from '../../simulator/json';
import { exampleWorld } from './support/example-world';
import type { Example } from './support/example-world';
import { drive } from './support/running';
import type { Driven } from './support/running';

const examples = published as unknown as readonly Example[];

/** Members of published answers that the simulated Azure leaves out, and why. */
const leftOut = new Set([
  'properties.maintenanceWindow.schedule.weekly', // the published request asks for another schedule
]);

describe('the published examples of the Azure APIs', () => {
  let azure: Driven;
  beforeAll(async () => {
    azure = await drive();
  });
  afterAll(() => azure[Symbol.asyncDispose]());

  it.each(examples)('$name has the published status and shape', async (example) => {
    const { method, path, query, body, answers, statusCodes } = example;
    await azure.control('PUT', 'world', exampleWorld(example));

    const search = new URLSearchParams(query).toString();
    const reply = await azure.arm(method, `${path}?${search}`, { body });

    expect(statusCodes).toContain(reply.status);
    expect(missing(answers[reply.status], reply.body).filter((name) => !leftOut.has(name))).toEqual(
      [],
    );
  });
});

/** Paths of the members that a published answer has and ours lacks, or has with another JSON type. */
function missing(wanted: Json | undefined, actual: Json | undefined, path = ''): readonly string[] {
  if (wanted === undefined || wanted === null) return [];
  if (kindOf(wanted) !== kindOf(actual)) return [path];
  if (isObject(wanted)) return missingMembers(wanted, actual, path);
  return firstOf(actual) === undefined ? [] : missing(firstOf(wanted), firstOf(actual), path);
}

function missingMembers(
  wanted: JsonObject,
  actual: Json | undefined,
  path: string,
): readonly string[] {
  return Object.entries(wanted).flatMap(([name, value]) =>
    missing(value, at(actual, name), path === '' ? name : `${path}.${name}`),
  );
}

function kindOf(value: Json | undefined): string {
  return Array.isArray(value) ? 'list' : typeof value;
}

/** Published lists are compared by their first item, and only where ours has one. */
function firstOf(value: Json | undefined): Json | undefined {
  return Array.isArray(value) ? (value as readonly Json[])[0] : undefined;
}
