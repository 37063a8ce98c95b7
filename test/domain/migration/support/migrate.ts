import { exchangeAudience } from '../../../../domain/migration/credential-name';
import type {
  ClusterMigration,
  MigrationPlan,
  NewCredential,
} from '../../../../domain/migration/document';
import { objectAt, objectIn, objectsIn, textIn } from '../../../../domain/migration/json';
import type { Json, MigrationSnapshot } from '../../../../domain/migration/snapshot';
import { patchTemplate, templateOf } from '../../../../domain/migration/template';
import { issuerOf } from './a-world';

/** What a plan makes of a fleet in which everything works and every request is approved. */
export function migrate(snapshot: MigrationSnapshot, plan: MigrationPlan): MigrationSnapshot {
  const { fleet, kubernetes } = snapshot;
  const inPlan = (id: unknown) => plan.clusters.find((one) => one.id === id);
  const clusters = fleet.clusters.map((cluster) => {
    const { steps = [], deadPodIdentities = [] } = inPlan(cluster['id']) ?? {};
    const alive = withoutDead(cluster, deadPodIdentities);
    return steps.some((step) => step.startsWith('enable')) ? enabled(alive) : alive;
  });
  const issuers = new Map(
    clusters.map((cluster) => [
      textIn(cluster['name']),
      textIn(objectAt(cluster, 'properties', 'oidcIssuerProfile')['issuerURL']),
    ]),
  );
  const identities = fleet.identities.map((identity) => {
    const planned = plan.identities.find(({ resourceId }) => resourceId === identity.id);
    const made = (planned?.ficsToCreate ?? []).map((one) => credentialOf(one, issuers));
    const known = (identity.federatedIdentityCredentials ?? []).map((one) =>
      planned?.ficsToUpdate.includes(textIn(one['name'])) === true
        ? {
            ...one,
            properties: { ...objectAt(one, 'properties'), audiences: [exchangeAudience] },
          }
        : one,
    );
    return { ...identity, federatedIdentityCredentials: [...known, ...made] };
  });
  const applications = plan.identities
    .filter(({ resourceId }) => !fleet.identities.some(({ id }) => id === resourceId))
    .map(({ resourceId, clientId, ficsToCreate }) => ({
      id: resourceId,
      properties: { clientId },
      federatedIdentityCredentials: ficsToCreate.map((one) => credentialOf(one, issuers)),
    }));
  const contents = Object.entries(kubernetes).map(([id, content]) => {
    const cluster = inPlan(id);
    return [id, cluster ? { ...content, objects: changed(content.objects, cluster) } : content];
  });
  return {
    fleet: { ...fleet, clusters, identities: [...identities, ...applications] },
    kubernetes: Object.fromEntries(contents) as MigrationSnapshot['kubernetes'],
  };
}

function credentialOf(
  { cluster, subject }: NewCredential,
  issuers: ReadonlyMap<string, string>,
): Json {
  const issuer = issuers.get(cluster);
  const name = `made-${cluster}-${subject}`;
  return { name, properties: { issuer, subject, audiences: [exchangeAudience] } };
}

function withoutDead(cluster: Json, dead: readonly string[]): Json {
  const properties = objectIn(cluster['properties']);
  const profile = objectIn(properties['podIdentityProfile']);
  const userAssignedIdentities = objectsIn(profile['userAssignedIdentities']).filter(
    ({ namespace, name }) => !dead.includes(`${textIn(namespace)}/${textIn(name)}`),
  );
  const podIdentityProfile = { ...profile, userAssignedIdentities };
  return dead.length === 0
    ? cluster
    : { ...cluster, properties: { ...properties, podIdentityProfile } };
}

function enabled(cluster: Json): Json {
  const properties = objectIn(cluster['properties']);
  return {
    ...cluster,
    properties: {
      ...properties,
      oidcIssuerProfile:
        objectIn(properties['oidcIssuerProfile'])['enabled'] === true
          ? properties['oidcIssuerProfile']
          : { enabled: true, issuerURL: issuerOf(9) },
      securityProfile: { workloadIdentity: { enabled: true } },
    },
  };
}

function changed(objects: readonly Json[], cluster: ClusterMigration): readonly Json[] {
  const patched = objects.map((object) => {
    const { name, namespace } = objectAt(object, 'metadata');
    const isThis = (one: { readonly name: string; readonly namespace: string }) =>
      one.name === name && one.namespace === namespace;
    if (object['kind'] === 'ServiceAccount') {
      const account = cluster.serviceAccounts.find(isThis);
      return account?.action === 'annotate' ? annotated(object, account.clientId) : object;
    }
    const patch = cluster.workloads.find(
      (one) => isThis(one) && one.kind === object['kind'],
    )?.templatePatch;
    if (!patch) return object;
    return withTemplate(object, patchTemplate(templateOf(object), patch, { image: 'proxy' }));
  });
  const created = cluster.serviceAccounts
    .filter(({ action }) => action === 'create')
    .map(({ namespace, name, clientId }) =>
      annotated(
        { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name } },
        clientId,
      ),
    );
  return [...patched, ...created];
}

function annotated(object: Json, clientId: string): Json {
  const metadata = objectAt(object, 'metadata');
  const annotations = {
    ...objectIn(metadata['annotations']),
    'azure.workload.identity/client-id': clientId,
  };
  return { ...object, metadata: { ...metadata, annotations } };
}

function withTemplate(object: Json, template: Json): Json {
  const spec = objectAt(object, 'spec');
  if (object['kind'] !== 'CronJob') return { ...object, spec: { ...spec, template } };
  const jobTemplate = objectIn(spec['jobTemplate']);
  const inner = { ...objectIn(jobTemplate['spec']), template };
  return { ...object, spec: { ...spec, jobTemplate: { ...jobTemplate, spec: inner } } };
}

/** Workloads of a plan, as `Kind/namespace/name status`. */
export function statusesOf({ clusters }: MigrationPlan): readonly string[] {
  return clusters.flatMap(({ workloads }) =>
    workloads.map(({ kind, namespace, name, status }) => `${kind}/${namespace}/${name} ${status}`),
  );
}
