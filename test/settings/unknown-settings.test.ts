import { schema } from '../../settings/schema';
import { unknownSettings } from '../../settings/unknown-settings';

describe('unknownSettings', () => {
  it('says nothing about the settings that there are, and about what is no setting', () => {
    const all = Object.fromEntries(Object.values(schema).map(({ name }) => [name, '']));

    expect(unknownSettings({ ...all, PATH: '/bin', steward_auth: 'x', STEWARDS: '3' })).toEqual([]);
  });

  it.each([
    ['STEWARD_SUBSCRIPTION', ' Did you mean STEWARD_SUBSCRIPTIONS?'],
    ['STEWARD_ENABLE', ' Did you mean STEWARD_ENABLED?'],
    ['STEWARD_FLEET_CLIENT_ID', ' Remove it.'],
    ['STEWARD_MANAGEMENT_GROUPS', ' Remove it.'],
    ['STEWARD_', ' Remove it.'],
  ])('has a line for %s', (name, next) => {
    expect(unknownSettings({ [name]: 'x' })).toEqual([
      `Setting ${name} is not known and has no effect.${next}`,
    ]);
  });
});
