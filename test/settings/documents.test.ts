import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { failureCodes, toKebabCase } from '../../domain/outcome';
import { appRoles } from '../../functions/authorization';
import { problemStatus } from '../../functions/problem';
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

describe('docs/operating.md', () => {
  const text = readFileSync(join(root, 'docs/operating.md'), 'utf8');
  const found = (pattern: RegExp): string[] => [...new Set(text.match(pattern))].sort();

  it('names settings that there are', () => {
    const known = all.map(({ name }) => name);

    expect(found(/STEWARD_[A-Z_]+/g).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('names all app roles', () => {
    expect(found(/Fleet\.\w+/g)).toEqual([...appRoles].sort());
  });

  it('names problems and failures that there are', () => {
    const codes = [...Object.keys(problemStatus), ...failureCodes.map(toKebabCase)];
    const [, table = ''] = text.split('## When something is wrong');
    const named = table.match(/(?<=(?:40[13]|503) `|fails with [^|]*`)[a-z-]+(?=`)/g) ?? [];

    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((code) => !codes.includes(code))).toEqual([]);
  });
});

describe('the examples', () => {
  it.each(all)('of $name can be set', ({ name, example }) => {
    const surroundings = {
      ...least,
      STEWARD_RECORDS: 'sqlite:x',
      StewardEvents__queueServiceUri: 'https://q.example',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otlp.example',
    };

    expect(readSettings({ ...surroundings, [name]: example }).problems).toEqual([]);
  });

  it.each(all)('of $name are not what is there anyway', ({ absent, example }) => {
    expect(absent).not.toEqual({ text: example });
  });
});
