import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { applySettings, resolveNames } from '../../host/app-settings';
import { describeHost } from '../../host/host-environment';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steward-settings-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const writeLocalSettings = (file: unknown): void => {
  writeFileSync(join(folder, 'local.settings.json'), JSON.stringify(file));
};

describe('the settings of an app', () => {
  it('are taken from what is given, then the environment, then the file', () => {
    writeLocalSettings({ Values: { A: 'file', B: 'file', C: 'file', D: 7, E: true, F: {} } });
    const environment: NodeJS.ProcessEnv = { A: 'environment', B: 'environment' };

    applySettings(folder, { A: 'given' }, environment);

    expect(environment).toEqual({
      A: 'given',
      B: 'environment',
      C: 'file',
      D: '7',
      E: 'true',
    });
  });

  it('leave the environment as it was', () => {
    writeLocalSettings({ Values: { B: 'file' } });
    const environment: NodeJS.ProcessEnv = { A: 'before' };
    const settings = applySettings(folder, { A: 'given' }, environment);
    settings.set('C', 'later');

    settings.restore();

    expect(environment).toEqual({ A: 'before' });
  });

  it('are not read from an encrypted file', () => {
    writeLocalSettings({ IsEncrypted: true, Values: {} });

    const apply = (): unknown => applySettings(folder, {}, {});

    expect(apply).toThrow('is encrypted. Decrypt it with "func settings decrypt".');
  });

  it('stand for their names in a text', () => {
    const settings = { get: (name: string) => ({ A: 'x', B: '' })[name] };

    const text = resolveNames('%A%-%B%-%', settings);

    expect(text).toBe('x--%');
  });
});

describe('what a host tells its app', () => {
  it.each([
    [{}, '127.0.0.1:7071'],
    [{ WEBSITE_HOSTNAME: '0.0.0.0:80' }, '127.0.0.1:7071'],
    [{ WEBSITE_HOSTNAME: 'steward.example' }, 'steward.example'],
  ])('is its address, with %j: %s', (environment: NodeJS.ProcessEnv, expected) => {
    const settings = applySettings(folder, {}, environment);

    describeHost(settings, '127.0.0.1:7071');

    expect(environment['WEBSITE_HOSTNAME']).toBe(expected);
  });

  it('is that it is not behind the proxy', () => {
    const environment: NodeJS.ProcessEnv = { NO_PROXY: 'internal,localhost' };
    const settings = applySettings(folder, {}, environment);

    describeHost(settings, '127.0.0.1:7071');

    expect(environment).toMatchObject({
      NO_PROXY: 'internal,localhost,127.0.0.1,::1',
      no_proxy: '127.0.0.1,localhost,::1',
    });
  });
});
