import { kubernetesRights } from '../../domain/kubernetes-rights';
import { roleSets } from '../../domain/role-parts';
import { parts } from './support/grants';
import { jobs } from './support/jobs';

jest.setTimeout(60_000);

/** Changes inside clusters that these jobs have no occasion for: other kinds of workloads, MIC, other ways back. */
const elsewhere = [
  'create  pods/eviction',
  'create  serviceaccounts',
  'create apps deployments',
  'delete  serviceaccounts',
  'delete apps deployments',
  'patch aadpodidentity.k8s.io azureidentities',
  'patch aadpodidentity.k8s.io azurepodidentityexceptions',
  'patch apps daemonsets',
  'patch apps replicasets',
  'patch apps statefulsets',
];

describe('in an Azure that enforces rights, with exactly the roles that are documented for it', () => {
  const used = new Set<string>();
  const inside = new Set<string>();

  it.each(Object.entries(jobs))('%s comes to its end', async (name, { carryOut, links, set }) => {
    const end = await carryOut(roleSets[set].parts);
    const { ok, message, writes } = end;

    expect({ name, ok, message }).toMatchObject({ name, ok: true });
    expect(writes.length > 0).toBe(name !== 'sweep');
    for (const action of [...end.used, ...links]) used.add(action.toLowerCase());
    for (const asked of end.inside) inside.add(asked);
  });

  it('the jobs together use every action that there is, and no other', () => {
    const granted = Object.entries(parts)
      .filter(([name]) => name !== 'privateClusters')
      .flatMap(([, { actions }]) => actions.map((action) => action.toLowerCase()));

    expect([...new Set(granted)].filter((action) => !used.has(action))).toEqual([]);
    expect([...used].filter((action) => !granted.includes(action))).toEqual([]);
  });

  it('they ask clusters for nothing but what the documentation names', () => {
    const named = new Set(
      Object.values(kubernetesRights)
        .flat()
        .flatMap(({ group, resources, verbs }) =>
          resources.flatMap((one) => verbs.map((verb) => `${verb} ${group} ${one}`)),
        ),
    );

    expect([...inside].filter((asked) => !named.has(asked))).toEqual([]);
    const changes = [...named].filter((one) => !/^(get|list) /.test(one) && !inside.has(one));
    expect(changes.sort()).toEqual([...elsewhere].sort());
  });
});
