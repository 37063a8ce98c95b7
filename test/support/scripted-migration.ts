import type { CutPlan } from '../../domain/migration/cut';
import type { WorkloadMigration } from '../../domain/migration/document';
import type { ClusterWork } from '../../domain/migration/work';
import type { Scripted } from './run-orchestration';

const done = { status: 'succeeded' } as const;

export function aWorkload(
  name: string,
  overrides: Partial<WorkloadMigration> = {},
): WorkloadMigration {
  return {
    kind: 'Deployment',
    namespace: 'shop',
    name,
    status: 'ready',
    delivery: 'patch',
    auth: 'sidecar',
    identities: ['shop/orders-id'],
    defaultClientId: 'client',
    serviceAccount: 'orders',
    codes: [],
    templatePatch: { labels: {}, annotations: {}, removeAnnotations: [] },
    ...overrides,
  };
}

const credential = {
  identityId: '/subscriptions/1/id',
  clientId: 'client',
  principalId: 'principal',
  tenantId: 'tenant',
  namespace: 'shop',
  account: 'orders',
};

export function aWork(overrides: Partial<ClusterWork> = {}): ClusterWork {
  return {
    name: 'aks-shop',
    missing: [],
    blocked: false,
    steps: ['enableWorkloadIdentity'],
    deadPodIdentities: [],
    accounts: [{ namespace: 'shop', name: 'orders', action: 'annotate', clientId: 'client' }],
    credentials: [credential],
    proofs: [credential],
    workloads: [aWorkload('one'), aWorkload('two')],
    held: [],
    ...overrides,
  };
}

export function aCut(overrides: Partial<CutPlan> = {}): CutPlan {
  return {
    installMode: 'addon',
    podIdentities: ['shop/orders-id'],
    retire: true,
    scaleSets: [],
    grants: [{ id: '/subscriptions/1/ra', principalId: 'p', roleDefinitionId: 'r' }],
    unregister: true,
    complete: true,
    ...overrides,
  };
}

/** The activities of a migration in which everything goes well, unless told otherwise. */
export function scriptedMigration(work: ClusterWork, overrides: Scripted = {}): Scripted {
  const rollout = { desired: 1, newReady: 1, newPods: ['n'], oldPods: [], problems: [] };
  return {
    readMigrationWork: () => ({ ...work, preflight: true }),
    checkMigrationRights: () => ({ checked: 1 }),
    holdCluster: () => ({ held: true }),
    releaseCluster: () => ({ released: true }),
    editPodIdentities: () => done,
    enableWorkloadIdentity: () => done,
    checkWorkloadIdentity: () => ({ missing: null }),
    writeCredential: () => ({ name: 'stw', written: true }),
    prepareAccount: () => ({ written: true }),
    proveIdentity: () => ({ proven: true }),
    rehearseWorkload: () => ({ rehearsed: true, proxyInit: null }),
    patchWorkload: () => ({ canary: 'none', limitSeconds: 1200 }),
    readRollout: () => ({ ...rollout, complete: true, restored: true, newPods: [] }),
    restoreTemplate: () => ({ limitSeconds: 1200, evict: false }),
    checkSoak: ({ workloads }) => ({
      well: workloads.map((_, n) => n),
      waiting: [],
      broken: [],
      stopped: false,
    }),
    readClusterContent: () => ({ done: true, state: 'read', objects: 1, logsUnread: [] }),
    surveyMigration: () => ({ identities: 1 }) as never,
    planCut: () => aCut(),
    readBindings: () => ({ left: 0 }),
    disablePodIdentity: () => done,
    readCluster: () => ({ podIdentity: { enabled: false, entries: [] } }) as never,
    removeGrant: () => ({ removed: true }),
    withdrawFeature: () => ({ state: 'Unregistered', owned: false, usedBy: 0 }),
    readFeature: () => ({ state: 'Unregistered' }),
    noteWorkload: () => ({ stopped: false }),
    noteClusterEnd: () => ({ noted: true }),
    noteMigration: () => ({ noted: true }),
    storeMigrationPlan: () => ({ planHash: 'sha256:1' }),
    readLedger: () => ({ lines: [] }),
    rememberFeature: () => ({ remembered: true }),
    undoChange: () => ({ undone: true }),
    closeLedgerLine: () => ({ closed: true }),
    restorePodIdentities: () => done,
    steerRollout: ({ hold }) => ({ held: hold }),
    evictPod: () => ({ evicted: true }),
    startImdsProbes: ({ image }) => ({ probes: image.length > 0 ? 1 : 0 }),
    readImdsProbes: () => ({ pending: 0, deadPools: [] }),
    removeImdsProbes: () => ({ removed: 1 }),
    planPoolRolls: () => ({ rolls: [], newest: [] }),
    parkBindings: () => ({ parked: 0 }),
    deleteBindings: () => ({ deleted: 0 }),
    uninstallPart: () => ({ keptBy: null }),
    removePodIdentityCrds: () => ({ removed: 4 }),
    removeScaleSetIdentities: () => ({ removed: 0 }),
    ...overrides,
  };
}
