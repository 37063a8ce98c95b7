import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describeWithBicep, root } from './support/bicep';
import { copyOfModules, removeCopies } from './support/copy-of-modules';
import {
  committed,
  fleet,
  heldAgainstSnapshot,
  snapshotArguments,
  snapshotIn,
  steward,
} from './support/snapshots';

const subscription = '00000000-0000-0000-0000-000000000001';
const { capabilities: permissions } = JSON.parse(
  readFileSync(join(root, 'infra/fleet/permissions.json'), 'utf8'),
) as {
  readonly capabilities: Readonly<
    Record<
      string,
      {
        readonly title: string;
        readonly description: string;
        readonly actions: readonly string[];
        readonly condition?: string;
      }
    >
  >;
};

describeWithBicep('what is deployed', (bicep) => {
  afterAll(removeCopies);

  describe('parameters', () => {
    it.each(['main', 'fleet/subscription-events'])(
      'of %s may all be left out of the environment',
      (file) => {
        const built = bicep.run('build-params', `infra/${file}.bicepparam`, '--stdout');

        expect(built.status).toBe(0);
        expect(built.diagnostics).toHaveLength(1); // the parameters, in one line
      },
      60_000,
    );

    it.each([
      ['STEWARD_DURABLE_BACKEND', 'mysql', `'dts' | 'storage'`],
      ['STEWARD_EVENT_DELIVERY', 'pigeon', `'function' | 'queue'`],
      ['STEWARD_ENABLED', 'maybe', 'Failed to evaluate parameter "enabled"'],
    ])(
      '%s=%s is refused before anything is deployed',
      (name, value, reason) => {
        const args = ['build-params', 'infra/main.bicepparam', '--stdout'];
        const { status, diagnostics } = bicep.runWith({ [name]: value }, ...args);

        expect(status).toBe(1);
        expect(diagnostics.join('\n')).toContain(reason);
      },
      60_000,
    );

    it.each([
      [
        `param network = 'closed'`,
        'An app in a closed network cannot be called by Event Grid. Set eventDelivery (STEWARD_EVENT_DELIVERY) to queue',
      ],
      [
        `param auth = 'entra'`,
        'Entra authentication needs an application. Set authClientId (STEWARD_AUTH_CLIENT_ID) to its client id',
      ],
    ])(
      '%s alone is refused',
      (line, reason) => {
        const folder = join(copyOfModules(), 'test/data/infra');
        const file = join(folder, 'default.bicepparam');
        writeFileSync(file, `${readFileSync(file, 'utf8')}${line}\n`);

        const { status, diagnostics } = bicep.run(...snapshotArguments('default', folder));

        expect(status).toBe(1);
        expect(diagnostics.join('\n')).toContain(reason);
      },
      60_000,
    );
  });

  describe('roles', () => {
    it.each([
      ['role', '/providers/Microsoft.Management/managementGroups/mg-platform', 'mg-platform'],
      ['role-subscription', `/subscriptions/${subscription}`, subscription],
    ])(
      '%s makes and assigns exactly those of permissions.json',
      (name, scope, suffix) => {
        const folder = join(copyOfModules(), 'test/data/infra');
        bicep.run(...snapshotArguments(name, folder));
        const { predictedResources } = snapshotIn(folder, name);
        const propertiesOf = (type: string) =>
          predictedResources
            .filter((one) => one.type === type)
            .map((one) => one.properties as object);

        const wanted = Object.entries(permissions)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([, part]) => part);
        expect(propertiesOf('Microsoft.Authorization/roleDefinitions')).toEqual(
          wanted.map(({ title, description, actions }) => ({
            roleName: `${title} (${suffix})`,
            description,
            type: 'CustomRole',
            permissions: [{ actions }],
            assignableScopes: [scope],
          })),
        );
        expect(propertiesOf('Microsoft.Authorization/roleAssignments')).toEqual(
          wanted.map(({ condition = null }) => ({
            principalId: '00000000-0000-0000-0000-0000000000f1',
            principalType: 'ServicePrincipal',
            roleDefinitionId: expect.stringContaining('/roleDefinitions/') as string,
            condition,
            conditionVersion: condition === null ? null : '2.0',
          })),
        );
        expect(predictedResources).toHaveLength(2 * wanted.length);
      },
      60_000,
    );
  });

  describe('snapshots', () => {
    it('are committed of every parameter set', () => {
      expect([...committed].sort()).toEqual([...steward, ...fleet].sort());
    });

    it.each(fleet)(
      '%s is what would be deployed',
      (name) => {
        const validation = heldAgainstSnapshot(bicep, name);

        expect(validation).toEqual({ status: 0, diagnostics: [] });
      },
      60_000,
    );

    it.each(steward)(
      '%s no longer is when a module changes',
      (name) => {
        const folder = copyOfModules();
        const file = join(folder, 'infra/app/storage.bicep');
        const changed = readFileSync(file, 'utf8').replace(
          'allowSharedKeyAccess: false',
          'allowSharedKeyAccess: true',
        );
        writeFileSync(file, changed);

        const args = snapshotArguments(name, join(folder, 'test/data/infra'));
        const { status, diagnostics } = bicep.run(...args, '--mode', 'validate');

        expect(status).toBe(1);
        expect(diagnostics.join('\n')).toContain('properties.allowSharedKeyAccess');
      },
      60_000,
    );
  });
});
