import { schemaViolations } from './support/answer-schemas';

const cluster =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters';

describe('the published schemas of answers', () => {
  it.each([
    { path: `${cluster}/a`, body: { tags: {} }, broken: ['ManagedCluster.location is missing'] },
    {
      path: `${cluster}/a`,
      body: { location: 'x', tags: { a: 1 } },
      broken: ['ManagedCluster.tags.a is no "string"'],
    },
    {
      path: `${cluster}/a`,
      body: { location: 'x', properties: { agentPoolProfiles: [{ name: 'a', count: '3' }] } },
      broken: ['ManagedCluster.properties.agentPoolProfiles[0].count is no "number"'],
    },
    { path: cluster, body: {}, broken: [`${cluster}: value is no list`] },
    {
      path: cluster.toUpperCase(),
      body: { value: [{ location: 7 }] },
      broken: ['ManagedCluster.location is no "string"'],
    },
    {
      path: `${cluster}/a`,
      body: { location: 'x', kind: null, unknown: { anything: [] } },
      broken: [],
    },
  ])('find $broken', ({ path, body, broken }) => {
    expect(schemaViolations(path, body)).toEqual(broken);
  });
});
