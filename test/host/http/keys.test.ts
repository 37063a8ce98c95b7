import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { accessLevel, loadKeys, readKeysFile } from '../../../host/http/keys';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steward-keys-'));
  file = join(folder, 'keys.json');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const keys = {
  master: 'm',
  functionKeys: { default: 'f' },
  systemKeys: { durabletask_extension: 'd', eventgrid_extension: 'e' },
  functions: { Hello: { default: 'h' } },
};

describe('the keys of a host', () => {
  it('are long, different, and made once', () => {
    const first = loadKeys(file, undefined);

    const second = loadKeys(file, undefined);

    const values = [first.master, ...Object.values({ ...first.functionKeys, ...first.systemKeys })];
    expect(second).toEqual(first);
    expect(new Set(values).size).toBe(4);
    expect(values.every((value) => Buffer.from(value, 'base64url').length === 32)).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('are those that are given, which the file then holds', () => {
    const loaded = loadKeys(file, keys);

    expect(loaded).toEqual(keys);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(keys);
  });

  it('keep what the file has when only some are given', () => {
    loadKeys(file, keys);

    const loaded = loadKeys(file, { master: 'new' });

    expect(loaded).toEqual({ ...keys, master: 'new' });
  });

  it.each([
    ['[]', 'does not hold a JSON object'],
    ['{"master":7}', 'does not hold a key for "master"'],
    ['{"functions":{"a":{"default":""}}}', 'does not hold a key for "default"'],
    ['{', 'is not JSON'],
  ])('are refused when the file holds %s', (text, message) => {
    writeFileSync(file, text);

    const read = (): unknown => readKeysFile(file);

    expect(read).toThrow(message);
  });
});

describe('the level of a presented key', () => {
  it.each([
    ['m', 'Hello', { level: 'admin' }],
    ['d', 'Hello', { level: 'system', extension: 'durabletask' }],
    ['f', 'Hello', { level: 'function' }],
    ['h', 'HELLO', { level: 'function' }],
    ['h', 'Other', { level: 'anonymous' }],
    ['x', 'Hello', { level: 'anonymous' }],
    ['', 'Hello', { level: 'anonymous' }],
    [undefined, 'Hello', { level: 'anonymous' }],
  ])('of %s for %s is %j', (presented, functionName, expected) => {
    const level = accessLevel(keys, presented, functionName);

    expect(level).toEqual(expected);
  });
});
