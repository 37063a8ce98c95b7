import s01 from '../../data/clusters/s01-sp-kubenet-own-vnet.json';
import { at } from '../../../simulator/json';
import { drive } from '../support/running';
import type { Driven } from '../support/running';
import { byAppId, statusOf } from './a-directory';

const { appId, passwordCredentials } = s01.context.graph.applications[0] ?? {};
const clientId = appId ?? '';

describe('the directory of a cluster fixture', () => {
  let azure: Driven;
  beforeAll(async () => {
    azure = await drive();
  });
  afterAll(() => azure[Symbol.asyncDispose]());

  const load = (graph: object | undefined) =>
    azure.control('PUT', 'world', { ...s01, context: { ...s01.context, graph } });
  const statuses = async () => [
    await statusOf(azure, byAppId('applications', clientId)),
    await statusOf(azure, byAppId('servicePrincipals', clientId)),
  ];

  it('is what the fixture says of it', async () => {
    await azure.control('PUT', 'world', s01);

    const app = await azure.arm('GET', byAppId('applications', clientId));
    const principal = await azure.arm('GET', byAppId('servicePrincipals', clientId));

    expect(app.body).toMatchObject({ id: s01.context.graph.applications[0]?.id });
    expect(at(app.body, 'passwordCredentials')).toMatchObject(passwordCredentials ?? []);
    expect(principal.body).toMatchObject(s01.context.graph.servicePrincipals[0] ?? {});
  });

  it('has no principal that the fixture does not have', async () => {
    await load({ applications: s01.context.graph.applications, servicePrincipals: [] });
    const registered = await statuses();
    await load({ applications: [], servicePrincipals: [] });
    const deleted = await statuses();

    expect([registered, deleted]).toEqual([
      [200, 404],
      [404, 404],
    ]);
  });

  it('follows from the cluster where the fixture says nothing of it', async () => {
    await load(undefined);

    expect(await statuses()).toEqual([200, 200]);
  });
});
