import { parseSettings, readSettings } from '../../settings/parse-settings';
import { clouds } from '../../settings/clouds';
import { schema } from '../../settings/schema';
import type { Setting } from '../../settings/setting';
import { subscriptionId } from '../support/clusters';

const least = {
  STEWARD_SUBSCRIPTIONS: subscriptionId,
  STEWARD_RECORDS: 'sqlite:./data/steward.db',
};
const identity = '7d1f0d5c-3b0e-4c52-9a6e-2f8c1d4b9a10';

describe('parseSettings', () => {
  it('needs subscriptions and a place for its records, and has defaults for the rest', () => {
    expect(parseSettings(least)).toMatchObject({
      armEndpoint: 'https://management.azure.com',
      armGateway: undefined,
      auth: 'keys',
      authority: 'https://login.microsoftonline.com',
      cloud: 'AzurePublicCloud',
      enabled: true,
      eventDelivery: 'function',
      graphEndpoint: 'https://graph.microsoft.com',
      hostClientId: undefined,
      identityClientId: undefined,
      policy: { clustersAtOnce: 5 },
      privateClusters: 'direct',
      records: { kind: 'sqlite', file: './data/steward.db' },
      subscriptions: [subscriptionId],
      sweepSchedule: '0 0 */6 * * *',
      telemetry: 'none',
    });
  });

  it('takes several subscriptions, in any letters, with commas, blanks and line breaks', () => {
    const other = 'FFFFFFFF-0C8D-4B5E-8F37-9A2D6C11B001';
    const STEWARD_SUBSCRIPTIONS = ` ${subscriptionId},\n${other} ,`;

    expect(parseSettings({ ...least, STEWARD_SUBSCRIPTIONS }).subscriptions).toEqual([
      subscriptionId,
      other.toLowerCase(),
    ]);
  });

  it('does not mind a slash at the end of an address', () => {
    const STEWARD_ARM_ENDPOINT = 'https://management.usgovcloudapi.net/';
    const STEWARD_RECORDS = 'tables:https://st7q3.table.core.windows.net/';

    expect(parseSettings({ ...least, STEWARD_ARM_ENDPOINT, STEWARD_RECORDS })).toMatchObject({
      armEndpoint: 'https://management.usgovcloudapi.net',
      records: { kind: 'tables', url: 'https://st7q3.table.core.windows.net' },
    });
  });

  it('takes tables of an emulator on this machine over plain HTTP', () => {
    const url = 'http://127.0.0.1:10002/devstoreaccount1';

    expect(parseSettings({ ...least, STEWARD_RECORDS: `tables:${url}` }).records).toEqual({
      kind: 'tables',
      url,
    });
  });

  it.each(Object.entries(clouds))('knows where %s answers', (STEWARD_CLOUD, endpoints) => {
    expect(parseSettings({ ...least, STEWARD_CLOUD })).toMatchObject(endpoints);
  });

  it('prefers an address of its own to that of the cloud', () => {
    const own = { STEWARD_CLOUD: 'AzureChinaCloud', STEWARD_AUTHORITY: 'https://login.partner.cn' };

    expect(parseSettings({ ...least, ...own })).toMatchObject({
      ...clouds.AzureChinaCloud,
      authority: 'https://login.partner.cn',
    });
  });

  it.each([
    ['STEWARD_IDENTITY_CLIENT_ID', 'identityClientId'],
    ['STEWARD_HOST_CLIENT_ID', 'hostClientId'],
    ['STEWARD_ARM_GATEWAY', 'armGateway'],
  ] as const)('takes an empty %s for none', (name, key) => {
    expect(parseSettings({ ...least, [name]: '' })[key]).toBeUndefined();
  });

  it.each<[string, Readonly<Record<string, string>>, object]>([
    ['the kill switch', { STEWARD_ENABLED: 'false' }, { enabled: false }],
    ['app roles', { STEWARD_AUTH: 'entra' }, { auth: 'entra' }],
    [
      'telemetry',
      { STEWARD_TELEMETRY: 'opentelemetry', OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otlp.example' },
      { telemetry: 'opentelemetry' },
    ],
    ['an identity', { STEWARD_IDENTITY_CLIENT_ID: identity }, { identityClientId: identity }],
    [
      'a queue with an identity',
      { STEWARD_EVENT_DELIVERY: 'queue', StewardEvents__queueServiceUri: 'https://q.example' },
      { eventDelivery: 'queue' },
    ],
    [
      'a queue of Azurite',
      { STEWARD_EVENT_DELIVERY: 'queue', StewardEvents: 'UseDevelopmentStorage=true' },
      { eventDelivery: 'queue' },
    ],
  ])('takes %s', (_case, set, settings) => {
    expect(parseSettings({ ...least, ...set })).toMatchObject(settings);
  });

  it.each<readonly [string, string | undefined, string]>([
    [
      'STEWARD_SUBSCRIPTIONS',
      undefined,
      'is missing. Set it to ids of subscriptions, separated by commas, such as 4e1f6a52-0c8d-4b5e-8f37-9a2d6c11b001.',
    ],
    [
      'STEWARD_SUBSCRIPTIONS',
      ' ',
      'is missing. Set it to ids of subscriptions, separated by commas, such as 4e1f6a52-0c8d-4b5e-8f37-9a2d6c11b001.',
    ],
    ['STEWARD_SUBSCRIPTIONS', ',', "is ','. Set it to ids of subscriptions, separated by commas."],
    [
      'STEWARD_SUBSCRIPTIONS',
      `${subscriptionId},prod`,
      `is '${subscriptionId},prod'. Set it to ids of subscriptions, separated by commas.`,
    ],
    [
      'STEWARD_RECORDS',
      undefined,
      'is missing. Set it to sqlite:<file> or tables:<URI of a table service>, such as sqlite:.data/steward.db.',
    ],
    ...[
      './steward.db',
      'sqlite:',
      'tables:st7q3',
      'tables:',
      'blobs:https://st7q3',
      'tables:http://st7q3.table.core.windows.net',
      'tables:http://localhost.evil',
    ].map(
      (text) =>
        [
          'STEWARD_RECORDS',
          text,
          `is '${text}'. Set it to sqlite:<file> or tables:<URI of a table service>.`,
        ] as const,
    ),
    ['STEWARD_PRIVATE_CLUSTERS', 'yes', "is 'yes'. Set it to direct or runCommand."],
    ['STEWARD_AUTH', 'Entra', "is 'Entra'. Set it to keys or entra."],
    ['STEWARD_EVENT_DELIVERY', 'both', "is 'both'. Set it to function or queue."],
    ['STEWARD_ENABLED', 'no', "is 'no'. Set it to true or false."],
    ['STEWARD_ENABLED', 'constructor', "is 'constructor'. Set it to true or false."],
    ['STEWARD_TELEMETRY', 'on', "is 'on'. Set it to none or opentelemetry."],
    [
      'STEWARD_CLOUD',
      'AzureCloud',
      "is 'AzureCloud'. Set it to AzurePublicCloud, AzureUSGovernment or AzureChinaCloud.",
    ],
    ...['STEWARD_IDENTITY_CLIENT_ID', 'STEWARD_HOST_CLIENT_ID'].map(
      (name) =>
        [
          name,
          'id-steward',
          "is 'id-steward'. Set it to the client id of an identity, a GUID.",
        ] as const,
    ),
    ...[
      'STEWARD_ARM_ENDPOINT',
      'STEWARD_GRAPH_ENDPOINT',
      'STEWARD_AUTHORITY',
      'STEWARD_ARM_GATEWAY',
    ].flatMap((name) =>
      ['management.azure.com', 'ftp://azure', 'https://', 'https://[azure'].map(
        (text) =>
          [
            name,
            text,
            `is '${text}'. Set it to an address that begins with https:// or http://.`,
          ] as const,
      ),
    ),
    ...['0 */6 * * *', 'daily'].map(
      (text) =>
        [
          'STEWARD_SWEEP_SCHEDULE',
          text,
          `is '${text}'. Set it to six fields of NCRONTAB: second minute hour day month weekday.`,
        ] as const,
    ),
    [
      'STEWARD_POLICY',
      '{"clusterAtOnce":1}',
      'the policy is wrong: Unrecognized key: "clusterAtOnce". Set it to a policy as JSON.',
    ],
  ])('names %s when it is %p', (name, value, message) => {
    const parse = () => parseSettings({ ...least, [name]: value });

    const colon = name === 'STEWARD_POLICY' ? ':' : '';
    expect(parse).toThrow(new Error(`Setting ${name}${colon} ${message}`));
  });

  it.each(['{"webhook": canary-secret}', '{"canary-secret": 1}x', 'canary-secret'])(
    'does not repeat what was pasted as a policy: %s',
    (STEWARD_POLICY) => {
      const { problems } = readSettings({ ...least, STEWARD_POLICY });

      expect(problems.map(({ name }) => name)).toEqual(['STEWARD_POLICY']);
      expect(JSON.stringify(problems)).not.toContain('canary-secret');
    },
  );

  it('is one line whatever the value is', () => {
    for (const { name } of Object.values<Setting<unknown>>(schema)) {
      const { problems } = readSettings({ ...least, [name]: '{\n"a":\n' });

      expect(problems.map(({ text }) => text.split('\n').length)).toEqual([1]);
    }
  });

  it.each([
    [
      'a file on Azure, which keeps none',
      { WEBSITE_SITE_NAME: 'func-7q3' },
      'Setting STEWARD_RECORDS names a file, and Azure keeps none when an instance ends. Set it to tables:<URI of a table service>.',
    ],
    [
      'a queue that nobody can find',
      { STEWARD_EVENT_DELIVERY: 'queue' },
      'Setting StewardEvents__queueServiceUri is missing, and STEWARD_EVENT_DELIVERY is queue. Set it to the URI of the queue service with the queue steward-events.',
    ],
    [
      'telemetry that goes nowhere',
      { STEWARD_TELEMETRY: 'opentelemetry' },
      'Setting OTEL_EXPORTER_OTLP_ENDPOINT is missing, and STEWARD_TELEMETRY is opentelemetry. Set it to the address of a receiver, or STEWARD_TELEMETRY to none.',
    ],
  ])('refuses %s', (_case, set, message) => {
    expect(() => parseSettings({ ...least, ...set })).toThrow(new Error(message));
  });
});

describe('readSettings', () => {
  it('has everything that is wrong, not only the first', () => {
    const { settings, problems } = readSettings({ STEWARD_AUTH: 'x', STEWARD_POLICY: '[' });

    expect(settings).toBeUndefined();
    expect(problems.map(({ name }) => name)).toEqual([
      'STEWARD_SUBSCRIPTIONS',
      'STEWARD_RECORDS',
      'STEWARD_POLICY',
      'STEWARD_AUTH',
    ]);
  });
});
