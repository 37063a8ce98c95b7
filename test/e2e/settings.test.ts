import { readdirSync } from 'node:fs';

import { schema } from '../../settings/schema';
import type { Setting } from '../../settings/setting';
import { failedStart, startOneHost } from './support/one-host';

jest.setTimeout(60_000);

const all = Object.values<Setting<unknown>>(schema);
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true }).map(String).sort();

describe('a start of the app on the local host', () => {
  const missing = all
    .filter(({ absent }) => absent === 'needed')
    .map(({ name }) => [name, '', `Setting ${name} is missing.`] as const);
  const wrong = all.map(
    ({ name }) =>
      [name, '{', `Setting ${name}${name === 'STEWARD_POLICY' ? ':' : " is '{'."}`] as const,
  );

  it.each([...missing, ...wrong])(
    'with %s set to "%s" ends in a line that names it, and leaves nothing behind',
    async (name, value, message) => {
      const { code, stderr, stdout, files } = await failedStart({ [name]: value }, filesIn);

      expect(code).toBe(1);
      expect(stderr.trimEnd().split('\n')).toEqual([
        expect.stringContaining(`index.mjs cannot be loaded: ${message}`),
      ]);
      expect(stdout).not.toContain('"ready"');
      expect(files.filter((file) => /records|durable/.test(file))).toEqual([]);
    },
  );

  it.each([
    ['a file for records on Azure', 'STEWARD_RECORDS', { WEBSITE_SITE_NAME: 'func-7q3' }],
    [
      'a queue that is nowhere',
      'StewardEvents__queueServiceUri',
      { STEWARD_EVENT_DELIVERY: 'queue' },
    ],
  ])('with %s ends in a line that names %s', async (_case, name, values) => {
    const { code, stderr, files } = await failedStart(values, filesIn);

    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringContaining(`Setting ${name}`)]);
    expect(files.filter((file) => /records|durable/.test(file))).toEqual([]);
  });

  it('with a misspelt setting says in the log which one is meant', async () => {
    await using host = await startOneHost({ STEWARD_SUBSCRIPTION: 'x' });

    expect(host.output()).toContain(
      'Setting STEWARD_SUBSCRIPTION is not known and has no effect. Did you mean STEWARD_SUBSCRIPTIONS?',
    );
  });
});
