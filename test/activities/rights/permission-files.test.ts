import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { activities } from '../../../activities';
import { capabilityNeeds, lookUps, partUsers } from '../../../activities/capabilities';
import { permissionFiles } from '../../../activities/permission-files';
import { capabilities } from '../../../domain/permissions';

const root = join(__dirname, '../../..');

interface Part {
  readonly title: string;
  readonly actions: readonly string[];
  readonly condition?: string;
}

const [json] = permissionFiles();
const { capabilities: parts } = JSON.parse(json?.text ?? '') as {
  readonly capabilities: Readonly<Record<string, Part>>;
};

describe('the files of the roles that a deployment grants', () => {
  it.each(permissionFiles().map(({ path, text }) => [path, text] as const))(
    '%s is what `npm run generate` makes of the declarations',
    (path, text) => {
      expect(readFileSync(join(root, path), 'utf8')).toBe(text);
    },
  );

  it('have one role for each capability, and one for private clusters', () => {
    expect(Object.keys(parts)).toEqual([...Object.keys(capabilities), 'privateClusters']);
  });

  it('have roles by titles of their own', () => {
    const titles = Object.values(parts).map(({ title }) => title);

    expect(new Set(titles).size).toBe(titles.length);
  });
});

describe.each(Object.entries(parts))('the role %s', (_name, { actions, condition }) => {
  it('lists each action once, sorted, and none with a wildcard', () => {
    expect(actions).toEqual([...new Set(actions)].sort());
    expect(
      actions.filter(
        (action) => !/^Microsoft\.\w+\/[\w/]+\/(read|write|delete|action)$/.test(action),
      ),
    ).toEqual([]);
  });

  it('never gives an administrator of clusters, nor the end of clusters and pools', () => {
    const never = [
      'microsoft.containerservice/managedclusters/listclusteradmincredential/action',
      'microsoft.containerservice/managedclusters/delete',
      'microsoft.containerservice/managedclusters/agentpools/delete',
    ];

    for (const action of never) expect(actions.map(lower)).not.toContain(action);
  });

  it('has the condition if it can write or delete role assignments, and only then', () => {
    const delegates = actions.some((one) => /roleAssignments\/(write|delete)$/.test(one));

    expect(condition !== undefined).toBe(delegates);
  });
});

describe('the capabilities', () => {
  it('list every action that an activity or a look-up declares, and no other', () => {
    const declared = [
      ...Object.values(activities).flatMap(({ needs }) => needs),
      ...Object.values(lookUps).flat(),
    ];

    expect(new Set(Object.values(capabilityNeeds).flat())).toEqual(new Set(declared));
  });

  it('have every activity that asks for an action in at least one of them', () => {
    const users = new Set(Object.values(partUsers).flatMap((part) => [...part.values()].flat()));
    const asking = Object.entries(activities).filter(([, { needs }]) => needs.length > 0);

    expect(asking.map(([name]) => name).filter((name) => !users.has(name))).toEqual([]);
  });
});

function lower(text: string): string {
  return text.toLowerCase();
}
