import { activities } from '../../../activities';
import { loadObjects } from '../../../activities/survey-store';
import { byEntra } from '../../clients/kubernetes/by-entra';
import { clusterId } from '../../support/clusters';
import { aWireCluster } from '../support/resources';
import { anAzure } from '../support/azure';

const surveyId = 'sv_1';
const workloads = 5000;
const names = Array.from(
  { length: workloads },
  (_one, index) => `app-${String(index).padStart(4, '0')}`,
);

/** A Deployment of an application of average size. */
const deployment = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'default' },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name, aadpodidbinding: name } },
      spec: {
        containers: [
          {
            name: 'app',
            image: `registry/${name}:1`,
            env: [{ name: 'DATABASE', value: `password-of-${name}` }],
          },
        ],
      },
    },
  },
});

it('reads a cluster of thousands of workloads into pieces that every store takes', async () => {
  const id = clusterId;
  const objects = names.map(deployment);
  await using azure = await anAzure(
    { resources: [aWireCluster()], kubernetes: { [id]: { serverVersion: 'v1.33.0', objects } } },
    byEntra,
  );
  const result = await azure.value(activities.readClusterContent, { surveyId, clusterId });
  const { records } = azure.clients;
  const read = await loadObjects(records, { surveyId, clusterId }, ['deployments']);
  const { items } = await records.list('surveyPiece', { limit: 1000 });
  const calls = await azure.calls();

  expect(result).toMatchObject({ done: true, state: 'read' });
  expect(
    read
      .map(({ metadata }) => (metadata as { readonly name: string }).name)
      .filter((name) => name.startsWith('app-')),
  ).toEqual(names);
  expect(JSON.stringify(read)).not.toContain('password-of');
  expect(Math.max(...items.map(({ gzip }) => gzip.length))).toBeLessThanOrEqual(192 * 1024);
  expect(calls.filter(({ path }) => path.endsWith('/deployments'))).toHaveLength(10);
  // What crosses the history of a run.
  expect(JSON.stringify(result).length).toBeLessThan(1000);
});
