import { endState } from '../../../e2e/support/world';
import { HttpHub } from '../harness/http-hub';
import { normalised } from '../harness/normalised';
import { until } from '../harness/until';
import { type Instance, familyOf } from './family';
import { type ServedSteward, worldOf } from './served-steward';

type Json = Readonly<Record<string, unknown>>;

const drawn = /(?<=_)[0-9A-Z]{26}/g;

/** What came of a day of work: what people see of it, the fleet, and the instances behind it. */
export interface Day {
  readonly views: Readonly<
    Record<'reported' | 'applied' | 'appliedAgain' | 'changed' | 'created', readonly Json[]>
  > & {
    readonly clusters: Json;
  };
  readonly fleet: unknown;
  readonly instances: readonly Instance[];
}

/**
 * Clusters are looked at and brought in order, one loses a role that it should not have, one gets another kubelet
 * identity, one is created, an event arrives twice, and a sweep is due.
 */
export async function spendDay(steward: ServedSteward): Promise<Day> {
  const { clusters } = steward;
  const means = { steward, hub: new HttpHub(steward.app, '') };
  const reported = await onboard(means, { clusters, mode: 'report' });
  const applied = await onboard(means, { clusters, mode: 'apply' });
  const [first = '', second = ''] = clusters.filter(
    (_cluster, index) => applied.views[index]?.['state'] === 'succeeded',
  );
  await giveNodesTooMuch(steward, first);
  const again = await onboard(means, { clusters, mode: 'apply' });
  const identity = { controlPlane: 'userAssigned', kubelet: 'own' };
  const changed = await onboard(means, { clusters: [second], identity, mode: 'apply' });
  const created = await onboard(means, { create: newCluster(first), mode: 'apply' });
  const requests = [reported, applied, again, changed, created];
  const evaluated = await evaluate(means);
  await send(steward, 'admin/functions/fleetSweep', { input: '' });
  const swept = await ended(means, 'sweep');
  const views = {
    ...{ reported: reported.views, applied: applied.views, appliedAgain: again.views },
    ...{ changed: changed.views, created: created.views },
    clusters: await ask(steward, 'clusters'),
  };
  const instances = requests.flatMap((each) => each.instances);
  const day: Day = {
    ...{ views, fleet: endState(await worldOf(steward)) },
    instances: [...instances, ...evaluated, ...swept],
  };
  return normalised(named(day, requests)) as Day;
}

function newCluster(beside: string): object {
  const pools = [{ name: 'system', vmSize: 'Standard_D4ds_v5' }];
  return { cluster: beside.replace(/[^/]+$/, 'aks-new'), location: 'westeurope', pools };
}

/** Somebody lets every pod of a cluster change a storage account. */
async function giveNodesTooMuch({ azure, ...steward }: ServedSteward, cluster: string) {
  const { properties } = (await worldOf({ azure }))[cluster] ?? {};
  const { identityProfile } = properties as {
    identityProfile: { kubeletidentity: { objectId: string } };
  };
  const group = cluster.slice(0, cluster.indexOf('/providers/'));
  const path = `${group}/providers/Microsoft.Authorization/roleAssignments/aaaaaaaa-0000-4000-8000-000000000001`;
  const role = '17d1049b-9a84-46fb-8f53-869881c3d3ab'; // Storage Account Contributor
  const answer = await fetch(`${azure.url}${path}?api-version=2022-04-01`, {
    method: 'PUT',
    headers: { authorization: 'Bearer somebody', 'content-type': 'application/json' },
    body: JSON.stringify({
      properties: {
        roleDefinitionId: `${group.split('/resource')[0] ?? ''}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
        principalId: identityProfile.kubeletidentity.objectId,
        principalType: 'ServicePrincipal',
      },
    }),
  });
  if (!answer.ok) throw new Error(`${steward.app.url}: ${await answer.text()}`);
}

interface Means {
  readonly steward: ServedSteward;
  readonly hub: HttpHub;
}

interface Onboarded {
  readonly runs: readonly string[];
  readonly views: readonly Json[];
  readonly instances: readonly Instance[];
}

/** Follows the runs of a request to their end. */
async function onboard({ steward, hub }: Means, request: object): Promise<Onboarded> {
  const answer = await send(steward, 'api/v1/clusters', request);
  const { runs } = (await answer.json()) as { runs: readonly { location: string }[] };
  const views: Json[] = [];
  for (const { location } of runs) {
    views.push(
      await until(`the end of ${location}`, async () => {
        const run = await ask(steward, location.replace('/api/v1/', ''));
        return ['succeeded', 'failed'].includes(String(run['state']))
          ? { found: run }
          : { last: run };
      }),
    );
  }
  const ids = runs.map(({ location }) => location.split('/').at(-1) ?? '');
  return { runs: ids, views, instances: await fleetOf(hub, ids) };
}

/** The instances of the fleet that has these runs. */
async function fleetOf(hub: HttpHub, runs: readonly string[]): Promise<readonly Instance[]> {
  const pages = await hub.pages('instances?instanceIdPrefix=fleet_&showInput=false');
  const ids = (pages.flat() as { instanceId: string }[]).map(({ instanceId }) => instanceId);
  const run = ids.find((id) => id.endsWith(`.${runs[0] ?? ''}`)) ?? '';
  const [fleet = ''] = run.split('.');
  await hub.ended(fleet);
  return familyOf(hub, fleet);
}

/** The same event, in both schemas. */
async function evaluate(means: Means): Promise<readonly Instance[]> {
  const topic = means.steward.clusters[0] ?? '';
  const path = 'runtime/webhooks/eventgrid?functionName=clusterEvents&code=master';
  const shared = { id: 'event-1', subject: 'aks', data: { nodePoolName: 'system' } };
  const type = 'Microsoft.ContainerService.NodePoolRollingSucceeded';
  const time = '2026-11-24T10:00:00Z';
  const versions = { dataVersion: '1', metadataVersion: '1' };
  await send(means.steward, path, [
    { ...shared, topic, eventType: type, eventTime: time, ...versions },
  ]);
  await send(means.steward, path, { ...shared, specversion: '1.0', source: topic, type, time });
  return ended(means, 'evaluate-');
}

/** All instances of a prefix, once there are some and they have ended. */
async function ended({ hub }: Means, prefix: string): Promise<readonly Instance[]> {
  const found = await until(`instances of ${prefix}`, async () => {
    const [page = []] = await hub.pages(`instances?instanceIdPrefix=${prefix}&showInput=false`);
    return page.length > 0 ? { found: page as { instanceId: string }[] } : { last: page };
  });
  return (await Promise.all(found.map(({ instanceId }) => familyOf(hub, instanceId)))).flat();
}

const headers = { 'x-functions-key': 'master', 'content-type': 'application/json' };

function send({ app }: ServedSteward, path: string, body: object): Promise<Response> {
  const event = path.includes('eventgrid') ? { 'aeg-event-type': 'Notification' } : {};
  return fetch(`${app.url}/${path}`, {
    method: 'POST',
    headers: { ...headers, ...event },
    body: JSON.stringify(body),
  });
}

async function ask({ app }: ServedSteward, path: string): Promise<Json> {
  return (await (await fetch(`${app.url}/api/v1/${path}`, { headers })).json()) as Json;
}

/** Runs, plans and fleets by their place instead of the ids that were drawn for them. */
function named(day: Day, requests: readonly Onboarded[]): Day {
  const places = new Map(
    requests.flatMap(({ runs }, n) =>
      runs.map((run, i) => [run.slice('run_'.length), `${n}-${i}`]),
    ),
  );
  const text = JSON.stringify(day).replaceAll(drawn, (id) => {
    const place = places.get(id) ?? `fleet ${places.size}`;
    places.set(id, place);
    return place;
  });
  const { instances, ...rest } = JSON.parse(text) as Day;
  return { ...rest, instances: instances.toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
}
