import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { objectsAt, textAt } from '../../simulator/json';
import type { JsonObject } from '../../simulator/json';
import { drive } from './support/running';
import { codeOf } from './support/world';

const folder = join(__dirname, '../data/pod-identity');
const fixtures = readdirSync(folder).sort();

describe('the world of a pod-identity fixture', () => {
  it.each(fixtures)('%s is loaded as it is', async (name) => {
    const { given } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
      given: JsonObject;
    };
    const identities = objectsAt(given, 'fleet', 'identities');
    const listed = [
      ...objectsAt(given, 'fleet', 'clusters'),
      ...identities.flatMap((one) => objectsAt(one, 'federatedIdentityCredentials')),
    ];
    await using azure = await drive();

    await azure.control('PUT', 'world', given);
    const read = (type: RegExp, version: string) =>
      listed
        .map((one) => textAt(one, 'id') ?? '')
        .filter((id) => type.test(id))
        .map(async (id) => azure.arm('GET', `${id}?api-version=${version}`));
    const replies = await Promise.all([
      ...read(/\/managedClusters\/[^/]+$/, '2026-06-01'),
      ...read(/\/federatedIdentityCredentials\//, '2024-11-30'),
    ]);

    expect(replies).toHaveLength(listed.length);
    expect(replies.map(({ body }) => codeOf(body))).toEqual(listed.map(() => undefined));
    expect(replies.map(({ status }) => status)).toEqual(listed.map(() => 200));
  });
});
