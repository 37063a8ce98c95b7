import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { settingFiles } from '../../settings/documents';
import { parseSettings, readSettings } from '../../settings/parse-settings';
import { schema } from '../../settings/schema';
import type { Setting } from '../../settings/setting';

const root = join(__dirname, '../..');
const [table = '', sample = ''] = settingFiles().map(({ text }) => text);
const all = Object.values<Setting<unknown>>(schema);
const least = { STEWARD_SUBSCRIPTIONS: '4e1f6a52-0c8d-4b5e-8f37-9a2d6c11b001' };

describe('what is generated from the settings', () => {
  it.each(settingFiles())('is in $path; npm run generate writes it', ({ path, text }) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(text);
  });

  it.each(all.map(({ name }) => name))('has a row for %s', (name) => {
    expect(table.split(`| \`${name}\` |`)).toHaveLength(2);
  });

  it('has rows of equally many cells', () => {
    const rows = table.split('\n').filter((line) => line.startsWith('|'));

    const cells = new Set(rows.map((line) => line.split(/(?<!\\)\|/).length));
    expect([...cells].sort()).toEqual([6, 8]);
  });

  it('is a sample that the app starts with', () => {
    const { Values } = JSON.parse(sample) as { Values: Record<string, string> };

    expect(parseSettings(Values).records).toEqual({ kind: 'sqlite', file: '.data/steward.db' });
  });
});

describe('the examples', () => {
  it.each(all)('of $name can be set', ({ name, example }) => {
    const surroundings = {
      ...least,
      STEWARD_RECORDS: 'sqlite:x',
      StewardEvents__queueServiceUri: 'https://q.example',
    };

    expect(readSettings({ ...surroundings, [name]: example }).problems).toEqual([]);
  });

  it.each(all)('of $name are not what is there anyway', ({ absent, example }) => {
    expect(absent).not.toEqual({ text: example });
  });
});
