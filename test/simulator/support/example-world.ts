import { isObject, objectAt, textAt } from '../../../simulator/json';
import type { Json, JsonObject } from '../../../simulator/json';

/** A published request and its answers. */
export interface Example {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly statusCodes: readonly number[];
  readonly body?: Json;
  /** Published bodies by status. */
  readonly answers: Readonly<Record<string, Json>>;
}

/** The world in which a published example happens: what it reads is there, what it creates is not. */
export function exampleWorld(example: Example): { readonly resources: readonly JsonObject[] } {
  const { method, path } = example;
  const answered = answeredResources(example);
  return {
    resources: [
      ...subscription(path),
      ...group(path),
      ...identitiesIn(example.body),
      ...parentIdentity(path),
      ...parentCluster(example, answered),
      ...assignmentScope(path),
      ...(method === 'PUT' ? [] : answered),
    ],
  };
}

function subscription(path: string): readonly JsonObject[] {
  const id = /^\/subscriptions\/[^/]+/.exec(path)?.[0];
  if (id === undefined) return [];
  return [{ id, subscriptionId: nameIn({ name: id }), state: 'Enabled' }, podIdentityFeature(id)];
}

function parentCluster(
  { method, path }: Example,
  answered: readonly JsonObject[],
): readonly JsonObject[] {
  const id = /^.*\/managedClusters\/[^/]+/.exec(path)?.[0];
  if (id === undefined || (method === 'PUT' && id === path)) return [];
  return [cluster(id, path, answered[0])];
}

function assignmentScope(path: string): readonly JsonObject[] {
  const [scope = path] = path.split('/providers/Microsoft.Authorization/');
  return scope === path ? [] : [{ id: scope, location: 'westus' }];
}

/** What a GET answers, under the ids that the request uses; the published ones do not always agree. */
function answeredResources({ method, path, answers }: Example): readonly JsonObject[] {
  const [answer] = Object.values(answers);
  if (!isObject(answer)) return [];
  if (Array.isArray(answer['data'])) return queried(answer['data'] as readonly Json[]);
  if (Array.isArray(answer['value'])) {
    return (answer['value'] as readonly Json[])
      .filter(isObject)
      .map((one) => ({ ...one, id: `${path}/${nameIn(one)}` }))
      .map((one) => fixScope(one, path));
  }
  const id = method === 'POST' ? path.slice(0, path.lastIndexOf('/')) : path;
  return [fixScope({ ...answer, id }, path)];
}

/** What a query answers, and as much again, so that there is a next page. */
function queried(data: readonly Json[]): readonly JsonObject[] {
  const found = data.filter(isObject);
  return [...found, ...found.map((one) => ({ ...one, id: `${textAt(one, 'id') ?? ''}-test` }))];
}

function group(path: string): readonly JsonObject[] {
  const id = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(path)?.[0];
  return id === undefined || id === path ? [] : [{ id, name: nameIn({ name: id }) }];
}

function fixScope(resource: JsonObject, path: string): JsonObject {
  const [scope = ''] = path.split('/providers/Microsoft.Authorization/');
  const properties = objectAt(resource, 'properties');
  if (properties['scope'] === undefined) return resource;
  return { ...resource, properties: { ...properties, scope } };
}

function nameIn(resource: JsonObject): string {
  const name = textAt(resource, 'name') ?? 'x';
  return name.slice(name.lastIndexOf('/') + 1);
}

function cluster(id: string, path: string, answered: JsonObject | undefined): JsonObject {
  const pool = /\/agentPools\/([^/]+)/.exec(path)?.[1] ?? 'agentpool1';
  const stopped = path.endsWith('/start');
  const own = answered?.['id'] === id ? answered : {};
  return {
    location: 'westus',
    ...own,
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    type: 'Microsoft.ContainerService/ManagedClusters',
    properties: {
      servicePrincipalProfile: { clientId: 'msi' },
      agentPoolProfiles: [{ ...poolProperties(answered), name: pool, mode: 'System' }],
      ...objectAt(own, 'properties'),
      powerState: { code: stopped ? 'Stopped' : 'Running' },
    },
  };
}

function poolProperties(answered: JsonObject | undefined): JsonObject {
  const own = objectAt(answered, 'properties');
  return own['agentPoolProfiles'] === undefined
    ? {
        count: 3,
        vmSize: 'Standard_D2s_v3',
        osType: 'Linux',
        orchestratorVersion: '1.9.6',
        currentOrchestratorVersion: '1.9.6',
        maxPods: 110,
        nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202609.23.0',
        upgradeSettings: { maxSurge: '33%' },
        ...own,
      }
    : {};
}

function podIdentityFeature(subscription: string): JsonObject {
  return {
    id: `${subscription}/providers/Microsoft.Features/providers/Microsoft.ContainerService/features/EnablePodIdentityPreview`,
    properties: { state: 'Registered' },
    $truth: { effective: true },
  };
}

/** Identities that a request refers to. */
function identitiesIn(body: Json | undefined): readonly JsonObject[] {
  const found = JSON.stringify(body ?? null).match(
    /\/subscriptions\/[^"]*userAssignedIdentities\/[^"/]+/g,
  );
  return (found ?? []).map(identity);
}

function parentIdentity(path: string): readonly JsonObject[] {
  const found = /^(.*\/userAssignedIdentities\/[^/]+)\/.+/.exec(path)?.[1];
  return found === undefined ? [] : [identity(found)];
}

function identity(id: string): JsonObject {
  const properties = { principalId: `p-${id}`, clientId: `c-${id}`, tenantId: 't' };
  return { id, name: id.slice(id.lastIndexOf('/') + 1), location: 'westus', properties };
}
