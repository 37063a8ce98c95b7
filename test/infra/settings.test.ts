import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readSettings } from '../../settings/parse-settings';
import { root } from './support/bicep';
import {
  documentedPlatformSettings,
  settingsOfTheApp,
  settingsOfTheHost,
} from './support/settings';
import { deployedBy, steward } from './support/snapshots';

function settingsIn(set: (typeof steward)[number]): Readonly<Record<string, string>> {
  const config = deployedBy(set).find(({ name }) => name.endsWith('/appsettings'));
  return config?.properties as Readonly<Record<string, string>>;
}

const readme = readFileSync(join(root, 'infra/README.md'), 'utf8');
const [, leftOut = ''] = /## Settings that are left out\n([\s\S]*?)(?:\n## |$)/.exec(readme) ?? [];
const optional = [...leftOut.matchAll(/`(STEWARD_[A-Z_]+)`/g)].map(([, name = '']) => name);

describe('app settings', () => {
  const all = new Set(steward.flatMap((set) => Object.keys(settingsIn(set))));

  it.each([
    ['small', ['STEWARD_POLICY']],
    ['default', ['STEWARD_POLICY']],
    ['private-dts', []],
  ] as const)(
    'with %s are all that the app reads, but for %s and those that infra/README.md says are left out',
    (set, unset) => {
      const names = Object.keys(settingsIn(set));
      const missing = settingsOfTheApp().filter((name) => !names.includes(name));

      expect(missing.sort()).toEqual([...optional, ...unset].sort());
    },
  );

  it('are none that nobody reads', () => {
    const read = [...settingsOfTheApp(), ...Object.keys(settingsOfTheHost)];

    expect([...all].filter((name) => !read.includes(name))).toEqual([]);
  });

  it.each([
    ['small', ['always']],
    ['default', ['always']],
    ['private-dts', ['always', 'queue', 'dts', 'telemetry']],
  ] as const)('of the host with %s are those of %s', (set, features) => {
    const wanted = Object.entries(settingsOfTheHost)
      .filter(([, feature]) => (features as readonly string[]).includes(feature))
      .map(([name]) => name);
    const found = Object.keys(settingsIn(set)).filter((name) => !name.startsWith('STEWARD_'));

    expect(found.sort()).toEqual(wanted.sort());
  });

  it('of the host are documented', () => {
    const undocumented = Object.keys(settingsOfTheHost).filter(
      (name) => !documentedPlatformSettings.includes(name),
    );

    expect(undocumented).toEqual([]);
  });

  it.each(steward)('are such as the app takes, with %s', (set) => {
    // What Azure works out: client ids are GUIDs, endpoints are addresses, the cloud has a name.
    const workedOut = (name: string, value: string): string => {
      if (!value.startsWith('[')) return value;
      if (name === 'STEWARD_CLOUD') return 'AzurePublicCloud';
      if (name === 'STEWARD_RECORDS') return 'tables:https://st7q3.table.core.windows.net/';
      return /CLIENT_ID$/i.test(name) ? '00000000-0000-0000-0000-0000000000c1' : 'https://st7q3';
    };
    const environment = Object.fromEntries(
      Object.entries(settingsIn(set)).map(([name, value]) => [name, workedOut(name, value)]),
    );

    expect(readSettings({ ...environment, WEBSITE_SITE_NAME: 'func-steward' }).problems).toEqual(
      [],
    );
  });

  it('are not those that a Flex Consumption app must not have', () => {
    const forbidden = /^(FUNCTIONS_|WEBSITE_|SCM_|ENABLE_ORYX|NODE_OPTIONS|AzureWebJobsStorage$)/;

    expect([...all].filter((name) => forbidden.test(name))).toEqual([]);
  });

  it('say how Steward is deployed', () => {
    expect(settingsIn('small')).toMatchObject({
      STEWARD_SUBSCRIPTIONS: '00000000-0000-0000-0000-00000000000a',
      STEWARD_ENABLED: 'false',
      STEWARD_EVENT_DELIVERY: 'function',
      STEWARD_AUTH: 'keys',
      STEWARD_TELEMETRY: 'none',
      STEWARD_PRIVATE_CLUSTERS: 'direct',
      STEWARD_SWEEP_SCHEDULE: '0 0 */6 * * *',
    });
    expect(settingsIn('default')).toMatchObject({
      STEWARD_SUBSCRIPTIONS: '00000000-0000-0000-0000-000000000001', // the one it is deployed to
      STEWARD_ENABLED: 'true',
    });
    expect(settingsIn('private-dts')).toMatchObject({
      STEWARD_SUBSCRIPTIONS:
        '00000000-0000-0000-0000-00000000000a,00000000-0000-0000-0000-00000000000b',
      STEWARD_POLICY: '{"clustersAtOnce":2}',
      STEWARD_EVENT_DELIVERY: 'queue',
      STEWARD_AUTH: 'entra',
      STEWARD_TELEMETRY: 'opentelemetry',
      STEWARD_PRIVATE_CLUSTERS: 'runCommand',
    });
  });

  it('keep records in tables, as the host identity; clusters are changed as another', () => {
    const settings = settingsIn('default');

    expect(settings['STEWARD_RECORDS']).toMatch(
      /^\[format\('tables:\{0\}', .*primaryEndpoints\.table\)\]$/,
    );
    expect(settings['STEWARD_HOST_CLIENT_ID']).toMatch(/\/id-host-/);
    expect(settings['STEWARD_IDENTITY_CLIENT_ID']).toMatch(/\/id-fleet-/);
    expect(settings['AzureWebJobsStorage__clientId']).toBe(settings['STEWARD_HOST_CLIENT_ID']);
  });
});
