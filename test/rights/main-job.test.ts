import { parts } from './support/grants';
import { jobs } from './support/jobs';

jest.setTimeout(60_000);

describe('in an Azure that enforces rights, with exactly the roles of infra/fleet/permissions.json', () => {
  const used = new Set<string>();

  it.each(Object.entries(jobs))('%s comes to its end', async (name, { carryOut, links }) => {
    const { ok, message, writes, used: asked } = await carryOut('');

    expect({ name, ok, message }).toMatchObject({ name, ok: true });
    expect(writes.length > 0).toBe(name !== 'sweep');
    for (const action of [...asked, ...links]) used.add(action.toLowerCase());
  });

  it('the jobs together use every action that there is, and no other', () => {
    const granted = Object.entries(parts)
      .filter(([name]) => name !== 'privateClusters')
      .flatMap(([, { actions }]) => actions.map((action) => action.toLowerCase()));

    expect([...new Set(granted)].filter((action) => !used.has(action))).toEqual([]);
    expect([...used].filter((action) => !granted.includes(action))).toEqual([]);
  });
});
