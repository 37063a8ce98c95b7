import clean from '../data/scenarios/clean.json';
import { at, textAt } from '../../simulator/json';
import { drive } from './support/running';
import type { Driven } from './support/running';
import { clustersOf, codeOf } from './support/world';

const aks = 'api-version=2026-06-01';

describe('Azure Resource Manager', () => {
  let azure: Driven;
  let cluster: string;
  let subscription: string;
  beforeAll(async () => {
    azure = await drive({ scenario: clean });
    cluster = (await clustersOf(azure))[0]?.id ?? '';
    subscription = cluster.split('/').slice(0, 3).join('/');
  });
  afterAll(() => azure[Symbol.asyncDispose]());

  it('finds resources whatever the case of their ids and however many slashes', async () => {
    const shouted = await azure.arm('GET', `/${cluster.toUpperCase()}/?${aks}`);

    expect(shouted.status).toBe(200);
    expect(at(shouted.body, 'id')).toBe(cluster);
  });

  it('never shows what Azure knows but does not say', async () => {
    const one = await azure.arm('GET', `${cluster}?${aks}`);
    const all = await azure.arm(
      'GET',
      `${subscription}/providers/Microsoft.ContainerService/managedClusters?${aks}`,
    );

    expect(JSON.stringify([one.body, all.body])).not.toContain('$truth');
  });

  it.each([
    { what: 'no api-version', request: 'GET', refusal: [400, 'MissingApiVersionParameter'] },
    {
      what: 'an api-version that is no date',
      request: 'GET ?api-version=newest',
      refusal: [400, 'NoRegisteredProviderFound'],
    },
    {
      what: 'an api-version that is no day',
      request: 'GET ?api-version=2026-02-30',
      refusal: [400, 'NoRegisteredProviderFound'],
    },
    {
      what: 'an api-version of the future',
      request: 'GET ?api-version=2031-01-01',
      refusal: [400, 'NoRegisteredProviderFound'],
    },
    {
      what: 'an unknown child type',
      request: `GET /agentPool/x?${aks}`,
      refusal: [404, 'InvalidResourceType'],
    },
    {
      what: 'a write of an unknown type',
      request: `PUT /agentPool/x?${aks}`,
      refusal: [404, 'InvalidResourceType'],
    },
    {
      what: 'a method that the resource lacks',
      request: `DELETE /start?${aks}`,
      refusal: [405, 'MethodNotAllowed'],
    },
    {
      what: 'a broken escape',
      request: `GET /%E0%A4?${aks}`,
      refusal: [400, 'InvalidRequestContent'],
    },
    { what: 'a missing pool', request: `GET /agentPools/none?${aks}`, refusal: [404, 'NotFound'] },
  ])('refuses $what', async ({ request, refusal }) => {
    const [method = '', rest = ''] = request.split(' ');

    const reply = await azure.arm(method, `${cluster}${rest}`);

    expect([reply.status, codeOf(reply.body)]).toEqual(refusal);
  });

  it.each([
    ['/subscriptions/00000000-0000-4000-8000-00000000dead', 'SubscriptionNotFound'],
    ['SUB/resourceGroups/rg-none', 'ResourceGroupNotFound'],
    [
      'SUB/resourceGroups/rg-none/providers/Microsoft.ContainerService/managedClusters/x',
      'ResourceGroupNotFound',
    ],
    ['GROUP/providers/Microsoft.ContainerService/managedClusters/none', 'ResourceNotFound'],
    ['GROUP/providers/Microsoft.Unheard/things/x', 'InvalidResourceNamespace'],
    ['GROUP/providers/Microsoft.ContainerService/things/x', 'InvalidResourceType'],
    ['/nowhere', 'InvalidResourceType'],
  ])('answers 404 to %s', async (template, code) => {
    const group = cluster.split('/').slice(0, 5).join('/');
    const path = template.replace('SUB', subscription).replace('GROUP', group);

    const reply = await azure.arm('GET', `${path}?${aks}`);

    expect([reply.status, codeOf(reply.body)]).toEqual([404, code]);
  });

  it.each(['{', '"text"', '[]', 'null', '12'])('refuses a cluster that is %s', async (body) => {
    const reply = await azure.arm('PUT', `${cluster}?${aks}`, { body });

    expect(reply.status).toBe(400);
  });

  it('refuses a body of more than four megabytes', async () => {
    const body = JSON.stringify({ location: 'x'.repeat(4 * 1024 * 1024) });

    const reply = await azure.arm('PUT', `${cluster}?${aks}`, { body });

    expect(reply.status).toBe(413);
  });

  it('names every answer and says how many calls are left', async () => {
    const { headers } = await azure.arm('GET', `${cluster}?${aks}`, {
      headers: { 'x-ms-correlation-request-id': 'run-1' },
    });

    expect(headers.get('x-ms-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('x-ms-correlation-request-id')).toBe('run-1');
    expect(Number(headers.get('x-ms-ratelimit-remaining-subscription-reads'))).toBeGreaterThan(0);
  });

  it('pages lists by absolute links on the public origin', async () => {
    await azure.control('PATCH', 'behaviour', { pageSize: 2 });
    const path = `${subscription}/providers/Microsoft.ContainerService/managedClusters?${aks}`;

    const first = (await azure.arm('GET', path)).body;
    const link = new URL(textAt(first, 'nextLink') ?? '');
    const second = (await azure.arm('GET', `${link.pathname}${link.search}`)).body;

    expect(link.origin).toBe('https://management.azure.com');
    expect([at(first, 'value'), at(second, 'value')].flat()).toHaveLength(3);
    expect(at(second, 'nextLink')).toBeUndefined();
  });
});
