import { parseSettings } from '../../functions/settings';
import { subscriptionId } from '../support/clusters';

const least = {
  STEWARD_SUBSCRIPTIONS: subscriptionId,
  STEWARD_RECORDS: 'sqlite:./data/steward.db',
};

describe('parseSettings', () => {
  it.each([
    '{"webhook": canary-secret}',
    '{"webhook": "canary-secret',
    '{"canary-secret": 1}x',
    'canary-secret',
  ])('does not repeat what was pasted as a policy: %s', (STEWARD_POLICY) => {
    const parse = () => parseSettings({ ...least, STEWARD_POLICY });

    expect(parse).toThrow(
      /^Setting STEWARD_POLICY: the policy is not JSON( at line 1 column \d+)?\.$/,
    );
  });

  it('wants to know where telemetry goes', () => {
    const on = { ...least, STEWARD_TELEMETRY: 'opentelemetry' };

    expect(() => parseSettings(on)).toThrow(
      "Setting OTEL_EXPORTER_OTLP_ENDPOINT: say where to send telemetry, or set STEWARD_TELEMETRY to 'none'.",
    );
    expect(
      parseSettings({ ...on, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }).telemetry,
    ).toBe('opentelemetry');
  });

  it('needs subscriptions and a place for its records, and has defaults for the rest', () => {
    expect(parseSettings(least)).toMatchObject({
      armEndpoint: 'https://management.azure.com',
      armGateway: undefined,
      authority: 'https://login.microsoftonline.com',
      privateClusters: 'direct',
      subscriptions: [subscriptionId],
      records: 'sqlite:./data/steward.db',
      sweepSchedule: '0 0 */6 * * *',
      identityClientId: undefined,
      telemetry: 'none',
      policy: { clustersAtOnce: 5 },
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

  it('does not mind a slash at the end of the endpoint', () => {
    const STEWARD_ARM_ENDPOINT = 'https://management.usgovcloudapi.net/';

    expect(parseSettings({ ...least, STEWARD_ARM_ENDPOINT }).armEndpoint).toBe(
      'https://management.usgovcloudapi.net',
    );
  });

  it('does not mind what else is in the environment', () => {
    expect(() => parseSettings({ ...least, PATH: '/bin', STEWARD_UNKNOWN: 'x' })).not.toThrow();
  });

  it.each([
    [
      'STEWARD_SUBSCRIPTIONS',
      undefined,
      'name the subscriptions to look after, separated by commas.',
    ],
    ['STEWARD_SUBSCRIPTIONS', '', 'must be subscription ids, separated by commas.'],
    ['STEWARD_SUBSCRIPTIONS', 'prod', 'must be subscription ids, separated by commas.'],
    [
      'STEWARD_SUBSCRIPTIONS',
      `${subscriptionId},prod`,
      'must be subscription ids, separated by commas.',
    ],
    ['STEWARD_PRIVATE_CLUSTERS', 'yes', "must be 'direct' or 'runCommand'."],
    ['STEWARD_AUTHORITY', 'login.microsoftonline.com', 'must begin with https:// or http://.'],
    ['STEWARD_RECORDS', undefined, "say where to keep state: 'sqlite:<file>'."],
    ['STEWARD_RECORDS', './steward.db', "must look like 'sqlite:<file>'."],
    ['STEWARD_ARM_ENDPOINT', 'management.azure.com', 'must begin with https:// or http://.'],
    ['STEWARD_ARM_GATEWAY', 'localhost:1', 'must begin with https:// or http://.'],
    ['STEWARD_POLICY', '{', 'the policy is not JSON'],
    [
      'STEWARD_POLICY',
      '{"clusterAtOnce":1}',
      'the policy is wrong: Unrecognized key: "clusterAtOnce".',
    ],
  ])('names %s when it is %p', (name, value, message) => {
    const parse = () => parseSettings({ ...least, [name]: value });

    expect(parse).toThrow(`Setting ${name}: ${message}`);
  });
});
