import fc from 'fast-check';

import { codeStatus } from '../../../domain/migration/codes';
import { statuses } from '../../../domain/migration/document';
import type { MigrationPlan } from '../../../domain/migration/document';
import { MigrationOptions } from '../../../domain/migration/options';
import { planMigration } from '../../../domain/migration/plan';
import type { MigrationSnapshot } from '../../../domain/migration/snapshot';
import { clusterId, maker, snapshotOf } from './support/a-world';
import { migrate } from './support/migrate';
import { randomObject, randomSnapshot } from './support/random-worlds';

const some = fc.record({
  serviceAccountStrategy: fc.constantFrom('auto', 'keep'),
  authModeDefault: fc.constantFrom('auto', 'sdk', 'imds'),
  allowApplicationFederation: fc.boolean(),
});
const options = some.map((one) => MigrationOptions.parse(one));

function workloadsOf({ clusters }: MigrationPlan) {
  return clusters.flatMap((cluster) =>
    cluster.workloads.map((workload) => ({ cluster, workload })),
  );
}

/** Holds for a plan of every fleet, whatever the options are. */
function always(
  check: (plan: MigrationPlan, snapshot: MigrationSnapshot, options: MigrationOptions) => void,
) {
  fc.assert(
    fc.property(randomSnapshot, options, (snapshot, chosen) => {
      check(planMigration(snapshot, chosen), snapshot, chosen);
    }),
    { numRuns: 300 },
  );
}

// What nobody has asked about yet may be worse than it is in general, never better.
const dependsOnMode = [
  'HOST_NETWORK',
  'PSA_ENFORCE',
  'JOB_SIDECAR_NEVER_COMPLETES',
  'ADMISSION_EXCLUDED_NAMESPACE',
];

describe('the plan of any fleet', () => {
  it('gives a workload the status of its worst code, and a delivery that follows', () => {
    const deliveries: Readonly<Record<string, string>> = {
      ready: 'patch',
      'needs-approval': 'patch',
      'pull-request': 'pull-request',
      manual: 'manual',
    };
    always((plan) => {
      for (const { workload } of workloadsOf(plan)) {
        expect(workload.delivery).toBe(deliveries[workload.status] ?? 'none');
        if (workload.status === 'unused' || workload.status === 'migrated') continue;
        const worst = Math.max(
          0,
          ...workload.codes.map((code) =>
            statuses.indexOf(codeStatus[code as keyof typeof codeStatus]),
          ),
        );
        const status = statuses.indexOf(workload.status);
        expect(status).toBeGreaterThanOrEqual(worst);
        if (!workload.codes.some((code) => dependsOnMode.includes(code)))
          expect(status).toBe(worst);
      }
    });
  });

  it('never gives an identity more than 20 credentials, and all that it needs or none', () => {
    always((plan, { fleet }) => {
      for (const identity of plan.identities) {
        const existing =
          fleet.identities.find(({ id }) => id === identity.resourceId)
            ?.federatedIdentityCredentials?.length ?? 0;
        expect(identity.ficsExisting).toBe(existing);
        const made = identity.ficsToCreate.length;
        expect(made === 0 || existing + made <= 20).toBe(true);
        expect(identity.ficDeficit === 0 || made === 0).toBe(true);
        expect(
          new Set(identity.ficsToCreate.map((one) => `${one.cluster} ${one.subject}`)).size,
        ).toBe(made);
      }
    });
  });

  it('has a credential for every account and identity of what is patched', () => {
    always((plan, { fleet }) => {
      const identified = new Map(plan.identities.map((one) => [one.clientId, one]));
      for (const { cluster, workload } of workloadsOf(plan)) {
        if (!['patch', 'pull-request'].includes(workload.delivery)) continue;
        const { namespace, serviceAccount, defaultClientId } = workload;
        const identity = identified.get(defaultClientId ?? '');
        const subject = `system:serviceaccount:${namespace}:${serviceAccount}`;
        const issuer = fleet.clusters
          .filter(({ id }) => id === cluster.id)
          .map(
            ({ properties }) =>
              (properties as { oidcIssuerProfile: { issuerURL?: string } }).oidcIssuerProfile
                .issuerURL,
          )[0];
        const reused = (fleet.identities.find(({ id }) => id === identity?.resourceId)
          ?.federatedIdentityCredentials ?? []) as {
          name: string;
          properties: { issuer: string; subject: string };
        }[];
        const known = reused.some(
          ({ name, properties }) =>
            [...(identity?.ficsReused ?? []), ...(identity?.ficsToUpdate ?? [])].includes(name) &&
            properties.issuer === issuer &&
            properties.subject === subject,
        );
        const planned = identity?.ficsToCreate.some(
          (one) => one.cluster === cluster.name && one.subject === subject,
        );
        expect([known, planned]).toContain(true);
      }
    });
  });

  it('has every account act for one identity, and name each once', () => {
    always((plan) => {
      for (const cluster of plan.clusters) {
        const keys = cluster.serviceAccounts.map(({ namespace, name }) => `${namespace}/${name}`);
        expect(new Set(keys).size).toBe(keys.length);
        for (const workload of cluster.workloads) {
          if (workload.serviceAccount === undefined) continue;
          const account = cluster.serviceAccounts.find(
            ({ namespace, name }) =>
              namespace === workload.namespace && name === workload.serviceAccount,
          );
          expect(account?.clientId).toBe(workload.defaultClientId);
        }
      }
    });
  });

  it('does not depend on the order of objects', () => {
    fc.assert(
      fc.property(
        randomSnapshot.chain((snapshot) =>
          fc.tuple(
            fc.constant(snapshot),
            fc.shuffledSubarray([...(snapshot.kubernetes[`${clusterId}0`]?.objects ?? [])], {
              minLength: snapshot.kubernetes[`${clusterId}0`]?.objects.length ?? 0,
            }),
          ),
        ),
        options,
        ([snapshot, objects], chosen) => {
          const first = snapshot.kubernetes[`${clusterId}0`];
          const shuffled = {
            ...snapshot,
            kubernetes: {
              ...snapshot.kubernetes,
              ...(first && { [`${clusterId}0`]: { ...first, objects } }),
            },
          };
          expect(planMigration(shuffled, chosen)).toEqual(planMigration(snapshot, chosen));
        },
      ),
    );
  });

  it('is done when it is done: what was patched is migrated, and nothing is made twice', () => {
    always((plan, snapshot, chosen) => {
      const after = planMigration(migrate(snapshot, plan), chosen);
      const migrated = workloadsOf(after)
        .filter(({ workload }) => workload.status === 'migrated')
        .map(
          ({ cluster, workload }) =>
            `${cluster.id} ${workload.kind} ${workload.namespace} ${workload.name}`,
        );
      const patched = workloadsOf(plan)
        .filter(({ workload }) => ['patch', 'pull-request'].includes(workload.delivery))
        .map(
          ({ cluster, workload }) =>
            `${cluster.id} ${workload.kind} ${workload.namespace} ${workload.name}`,
        );
      expect(patched.filter((one) => !migrated.includes(one))).toEqual([]);
      expect(after.identities.flatMap(({ ficsToCreate }) => ficsToCreate)).toEqual([]);
      expect(after.clusters.flatMap(({ steps }) => steps)).toEqual([]);
    });
  });

  it('is made of whatever the API server answers', () => {
    const kinds = [
      ...['apps/v1 Deployment', 'apps/v1 DaemonSet', 'batch/v1 CronJob', 'v1 Pod', 'v1 Namespace'],
      ...[
        'aadpodidentity.k8s.io/v1 AzureIdentity',
        'aadpodidentity.k8s.io/v1 AzureIdentityBinding',
      ],
      ...[
        'aadpodidentity.k8s.io/v1 AzurePodIdentityException',
        'v1 ServiceAccount',
        'v1 ConfigMap',
      ],
      ...['v1 ResourceQuota', 'v1 LimitRange', 'autoscaling/v2 HorizontalPodAutoscaler', 'v1 List'],
      ...['rbac.authorization.k8s.io/v1 RoleBinding', 'keda.sh/v1alpha1 TriggerAuthentication'],
      ...['secrets-store.csi.x-k8s.io/v1 SecretProviderClass'],
      'admissionregistration.k8s.io/v1 MutatingWebhookConfiguration',
    ];
    const odd = fc.tuple(fc.constantFrom(...kinds), randomObject).map(([type, rest]) => {
      const [apiVersion, kind] = type.split(' ');
      return {
        ...rest,
        apiVersion,
        kind,
        metadata: { name: 'odd', namespace: 'shop', ...(rest['metadata'] as object | undefined) },
      };
    });
    const parts = fc.array(fc.oneof(odd, randomObject), { maxLength: 8 });
    fc.assert(
      fc.property(
        parts,
        options,
        fc.array(randomObject, { maxLength: 3 }),
        (objects, chosen, others) => {
          const usual = snapshotOf({ objects: objects });
          const fleet = {
            ...usual.fleet,
            roleAssignments: others,
            vmss: others,
            clusters: [...usual.fleet.clusters, ...others],
          };
          const { workloads } = planMigration({ ...usual, fleet }, chosen).clusters[0] ?? {
            workloads: [],
          };
          expect(workloads.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('takes a workload that it cannot read for none, and leaves the others alone', () => {
    const broken = { ...maker('Deployment', 'broken'), spec: 'x' };
    const { workloads } = planMigration(
      snapshotOf({ objects: [broken, {}] }),
      MigrationOptions.parse({}),
    ).clusters[0] ?? { workloads: [] };

    expect(workloads.map(({ name, status }) => [name, status])).toEqual([['app', 'ready']]);
  });
});
