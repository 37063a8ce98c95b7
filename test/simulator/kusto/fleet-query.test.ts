import type { ResourceGraphClient } from '@azure/arm-resourcegraph';

import { fleetQuery } from '../../../domain/fleet-query';
import { at } from '../../../simulator/json';
import { compileQuery } from '../../../simulator/kusto/compile-query';
import s01 from '../../data/clusters/s01-sp-kubenet-own-vnet.json';
import s02 from '../../data/clusters/s02-system-assigned-clean.json';
import s03 from '../../data/clusters/s03-user-assigned-private-udr.json';
import s04 from '../../data/clusters/s04-pod-identity-addon.json';
import s05 from '../../data/clusters/s05-addon-identities.json';
import s06 from '../../data/clusters/s06-encryption-outbound-capacity.json';
import s07 from '../../data/clusters/s07-half-migrated.json';
import { drive } from '../support/running';
import { inventory, linked, notices, roleAssignments } from './fleet-queries';

type Row = Readonly<Record<string, unknown>>;

const fixtures = [s01, s02, s03, s04, s05, s06, s07];
const resources = fixtures.flatMap(({ cluster, context }): Row[] => [
  cluster,
  ...context.resources,
]);
const assignments = fixtures.flatMap(({ context }): Row[] => context.roleAssignments);
const topics = [
  'Microsoft.ContainerService.ManagedClusters',
  'Microsoft.Storage.StorageAccounts',
].map((topicType, index) => ({
  id: `/subscriptions/s/resourceGroups/rg/providers/Microsoft.EventGrid/systemTopics/topic-${index}`,
  type: 'Microsoft.EventGrid/systemTopics',
  properties: { topicType, source: s01.cluster.id },
}));

describe('the inventory query', () => {
  const rows = compileQuery(inventory).run([...resources, ...topics]);

  it('finds all clusters, identities and the topics of clusters, by id', () => {
    const expected = [...resources, ...topics.slice(0, 1)]
      .filter(({ type }) =>
        /managedClusters$|userAssignedIdentities$|systemTopics$/i.test(String(type)),
      )
      .map(({ id }) => String(id))
      .sort();

    expect(rows.map(({ id }) => id)).toEqual([...new Set(expected)]);
  });

  it.each(fixtures.map(({ fixture, cluster }) => [fixture, cluster] as const))(
    'answers what %s holds',
    (_, { id, properties, tags }) => {
      const row = rows.find((candidate) => candidate['id'] === id);

      expect(row).toMatchObject({
        tags,
        provisioningState: properties.provisioningState,
        powerState: properties.powerState.code,
        currentKubernetesVersion: properties.currentKubernetesVersion,
        nodeResourceGroup: properties.nodeResourceGroup,
        servicePrincipalClientId: properties.servicePrincipalProfile.clientId,
        networkPlugin: properties.networkProfile.networkPlugin,
        outboundType: properties.networkProfile.outboundType,
        enableRBAC: properties.enableRBAC,
        disableLocalAccounts: properties.disableLocalAccounts,
        agentPoolProfiles: properties.agentPoolProfiles,
      });
    },
  );

  it('answers null for a profile and the empty text for a word that is missing', () => {
    const row = rows.find(({ id }) => id === s01.cluster.id);

    expect(row).toMatchObject({
      identity: null,
      podIdentityProfile: null,
      workloadIdentity: null,
      kms: null,
      diskEncryptionSetID: '',
      topicSource: '',
    });
  });
});

describe('the role assignment query', () => {
  it('answers principals, roles and scopes in lower case, and times as times', () => {
    const created = {
      ...assignments[0],
      id: '/0',
      properties: {
        principalType: 'Group',
        principalId: 'ABC',
        roleDefinitionId:
          '/providers/Microsoft.Authorization/roleDefinitions/4D97B98B-1D4F-4787-A291-C67834D212E7',
        scope: '/subscriptions/S',
        createdOn: '2026-11-22T06:00:00.1234567Z',
      },
    };
    const rows = compileQuery(roleAssignments).run([created, ...assignments]);

    expect(rows[0]).toEqual({
      id: '/0',
      name: assignments[0]?.['name'],
      principalId: 'abc',
      principalType: 'Group',
      roleGuid: '4d97b98b-1d4f-4787-a291-c67834d212e7',
      scope: '/subscriptions/s',
      condition: '',
      description: '',
      createdOn: '2026-11-22T06:00:00.1234567Z',
    });
    expect(rows).toHaveLength(1 + assignments.length);
    expect(rows.map(({ roleGuid }) => roleGuid)).toEqual(
      rows.map(() => expect.stringMatching(/^[0-9a-f-]{36}$/) as string),
    );
  });

  it('leaves people out', () => {
    const person = { ...assignments[0], properties: { principalType: 'User' } };

    expect(compileQuery(roleAssignments).run([person])).toEqual([]);
  });
});

describe('the query for notices', () => {
  it('answers the end of support as a time and a number of days', () => {
    const notice = {
      id: '/n',
      type: 'microsoft.containerservice/managedclusters/scheduledevents',
      properties: {
        eventSource: 'EOLNotification',
        eventDetails: { eolDate: '2026-12-01T00:00:00Z', daysUntilEOL: '9' },
      },
    };

    expect(compileQuery(notices).run([notice])).toEqual([
      {
        id: '/n',
        eventSource: 'EOLNotification',
        eolDate: '2026-12-01T00:00:00.0000000Z',
        daysUntilEOL: 9,
      },
    ]);
  });
});

describe('the query for linked resources', () => {
  it('finds 300 ids without regard to case', () => {
    const wanted = s06.context.resources.map(({ id }) => id.toUpperCase());
    const others = Array.from({ length: 300 - wanted.length }, (_, index) => `/none/${index}`);

    const rows = compileQuery(linked([...others, ...wanted])).run(resources);

    expect(rows.map(({ id }) => id)).toEqual(s06.context.resources.map(({ id }) => id).sort());
    expect(rows.map(({ enableRbacAuthorization }) => enableRbacAuthorization)).toContain(true);
  });
});

describe('Resource Graph, asked by its SDK', () => {
  it('pages through the clusters of a fleet without losing or repeating one', async () => {
    await using azure = await drive({ scenario: { seed: 7, fleet: { clusters: 25 } } });
    const { graph } = azure.clients('');

    const whole = await pagesOf(graph, { query: fleetQuery, top: 1000 });
    const pages = await pagesOf(graph, { query: fleetQuery, top: 7 });

    expect(pages.map(({ count }) => count)).toEqual([7, 7, 7, 4]);
    expect(pages.map(({ totalRecords }) => totalRecords)).toEqual([25, 25, 25, 25]);
    expect(pages.flatMap(({ data }) => data as Row[])).toEqual(whole[0]?.data);
  });

  it('answers every query of a sweep', async () => {
    await using azure = await drive({ scenario: { seed: 7, fleet: { clusters: 5 } } });
    const { graph } = azure.clients('');

    const answers = await Promise.all(
      [inventory, roleAssignments, notices, linked(['/x'])].map((query) =>
        graph.resources({ query, options: { resultFormat: 'objectArray', top: 1000 } }),
      ),
    );

    expect(answers.map(({ totalRecords }) => totalRecords > 0)).toEqual([true, true, false, false]);
    expect(answers.map(({ resultTruncated }) => resultTruncated)).toEqual(Array(4).fill('false'));
  });

  it('says what is wrong with a query, and where', async () => {
    await using azure = await drive();
    const { graph } = azure.clients('');
    const query = 'resources\n| evaluate bag_unpack(properties)';
    const path = '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01';

    const { body } = await azure.arm('POST', path, { body: { query } });

    await expect(graph.resources({ query })).rejects.toMatchObject({
      statusCode: 400,
      code: 'BadRequest',
    });
    expect(at(body, 'error', 'details')).toMatchObject([
      { code: 'InvalidQuery' },
      { code: 'InvalidQueryLanguage', line: 2, characterPositionInLine: 2 },
    ]);
  });
});

async function pagesOf(graph: ResourceGraphClient, { query, top }: { query: string; top: number }) {
  const pages = [await graph.resources({ query, options: { top } })];
  for (let skipToken = pages[0]?.skipToken; skipToken; skipToken = pages.at(-1)?.skipToken) {
    pages.push(await graph.resources({ query, options: { top, skipToken } }));
  }
  return pages;
}
