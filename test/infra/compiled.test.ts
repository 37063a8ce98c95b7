import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { bicepFiles, describeWithBicep } from './support/bicep';
import { copyOfModules, removeCopies } from './support/copy-of-modules';
import { heldAgainstSnapshot, steward } from './support/snapshots';
import { resourcesOf } from './support/template';

const everyRule = 'test/infra/support/every-rule.json';

describeWithBicep('the compiled modules', (bicep) => {
  afterAll(removeCopies);

  const built = bicep.build();

  describe('diagnostics', () => {
    it('are none with our rules', () => {
      const { status, diagnostics } = built;

      expect({ status, diagnostics }).toEqual({ status: 0, diagnostics: [] });
    });

    it('are none with every rule that the compiler has', () => {
      const lint = bicep.run('lint', '--pattern', 'infra/**/*.bicep', '--config', everyRule);

      expect(lint).toEqual({ status: 0, diagnostics: [] });
    }, 120_000);

    it('are there when a rule is broken: the configuration is read', () => {
      const folder = copyOfModules();
      const file = join(folder, 'infra/app/dts.bicep');
      writeFileSync(file, `${readFileSync(file, 'utf8')}\nparam unused string\n`);

      const { status, diagnostics } = bicep.run('lint', file);

      expect(diagnostics).toEqual([expect.stringContaining('Error no-unused-params')]);
      expect(status).toBe(1);
    }, 60_000);
  });

  describe('templates', () => {
    const { templates } = built;

    it('there are of every file', () => {
      expect([...templates.keys()]).toEqual(bicepFiles);
      expect([...templates.values()].flatMap(resourcesOf).length).toBeGreaterThan(40);
    });

    it('assign roles to services only, and say so: a new principal may not be known everywhere yet', () => {
      const assignments = [...templates.values()]
        .flatMap(resourcesOf)
        .filter(({ type }) => type === 'Microsoft.Authorization/roleAssignments');

      expect(assignments.length).toBeGreaterThan(10);
      for (const { properties } of assignments) {
        expect(properties).toMatchObject({ principalType: 'ServicePrincipal' });
      }
    });

    it('read no key: neither for a setting nor for an output', () => {
      const reading = [...templates].filter(([, template]) =>
        /\blist[A-Z]\w*\(/.test(JSON.stringify(template)),
      );

      expect(reading.map(([file]) => file)).toEqual([]);
    });
  });

  describe('snapshots', () => {
    it.each(steward)(
      '%s is what would be deployed',
      (name) => {
        const validation = heldAgainstSnapshot(bicep, name);

        expect(validation).toEqual({ status: 0, diagnostics: [] });
      },
      60_000,
    );
  });
});
