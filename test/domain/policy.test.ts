import { parsePolicy } from '../../domain/policy';

describe('parsePolicy', () => {
  it.each([[undefined], [''], ['  \n'], ['{}']])('fills in careful defaults for %p', (text) => {
    expect(parsePolicy(text)).toEqual({
      identity: {
        controlPlane: 'any',
        name: 'id-{cluster}-cp',
        kubelet: 'managed',
        kubeletName: 'id-{cluster}-kubelet',
        withoutNewerImage: 'wait',
        replaceExisting: false,
        insist: false,
      },
      roles: {
        registries: [],
        certificateVaults: [],
        settleMinutes: 10,
        graceHours: 24,
        copyUnknown: false,
        remove: {
          former: true,
          obsolete: true,
          tooBroad: false,
          kubeletExcess: false,
          privileged: false,
        },
      },
      podIdentity: { keepAlive: false },
      features: { required: [], forbidden: [] },
      ownedElsewhere: 'forbid',
      rules: {},
      clustersAtOnce: 5,
    });
  });

  it('fills in the rest of a part that is given', () => {
    expect(parsePolicy('{"roles":{"settleMinutes":0}}').roles).toMatchObject({
      registries: [],
      settleMinutes: 0,
    });
  });

  it.each([
    [
      'a misspelt key',
      { clusterAtOnce: 5 },
      `the policy is wrong: Unrecognized key: "clusterAtOnce"`,
    ],
    [
      'a misspelt key of a part',
      { roles: { registry: [] } },
      `the policy is wrong at 'roles': Unrecognized key: "registry"`,
    ],
    [
      'a flag without its provider',
      { features: { required: ['EnablePodIdentityPreview'] } },
      `the policy is wrong at 'features.required.0': must look like 'Microsoft.ContainerService/EnablePodIdentityPreview'`,
    ],
    ['no clusters at once', { clustersAtOnce: 0 }, `the policy is wrong at 'clustersAtOnce'`],
    [
      'half a minute',
      { roles: { settleMinutes: 0.5 } },
      `the policy is wrong at 'roles.settleMinutes'`,
    ],
    ['a registry by name', { roles: { registries: ['contoso'] } }, `at 'roles.registries.0'`],
    ['a name with a slash', { identity: { name: 'a/../b' } }, `at 'identity.name'`],
    ['a list', [], 'the policy is wrong: Invalid input: expected object, received array'],
    ['nothing', null, 'the policy is wrong: Invalid input: expected object, received null'],
  ])('refuses %s and says where it is', (_case, policy, message) => {
    expect(() => parsePolicy(JSON.stringify(policy))).toThrow(message);
  });

  it('refuses what is not JSON', () => {
    expect(() => parsePolicy('{"roles":')).toThrow('the policy is not JSON');
  });
});
