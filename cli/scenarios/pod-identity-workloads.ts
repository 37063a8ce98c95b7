import {
  barePod,
  cronJob,
  daemonSet,
  deployment,
  job,
  namespace,
  serviceAccount,
  statefulSet,
} from './workloads';
import type { KubeObject } from './workloads';

/** Pod identities of the scenario's cluster: `namespace/name`, the selector where it is another, and what is wrong. */
export const podIdentities = [
  { namespace: 'shop', name: 'orders-id' },
  { namespace: 'shop', name: 'payments-id' },
  { namespace: 'shop', name: 'reports-id', selector: 'reports' },
  { namespace: 'data', name: 'etl-id' },
  { namespace: 'data', name: 'warehouse-id' },
  { namespace: 'data', name: 'lake-id', selector: 'warehouse-id' },
  { namespace: 'ops', name: 'backup-id' },
  { namespace: 'web', name: 'edge-id' },
  { namespace: 'ops', name: 'gone-id', dead: true },
] as const;

const flux = { labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop' } };
const helm = {
  labels: { 'app.kubernetes.io/managed-by': 'Helm' },
  annotations: { 'meta.helm.sh/release-name': 'edge', 'meta.helm.sh/release-namespace': 'web' },
};

const argo = {
  annotations: { 'argocd.argoproj.io/tracking-id': 'data:apps/Deployment:data/etl-ui' },
};

const shop: readonly KubeObject[] = [
  namespace('shop', { 'steward.dev/team': 'shop' }),
  ...['orders', 'payments', 'reports'].map((name) => serviceAccount('shop', name)),
  deployment({ namespace: 'shop', name: 'orders-api', account: 'orders', binding: 'orders-id' }),
  deployment({
    ...{ namespace: 'shop', name: 'orders-worker', account: 'orders', binding: 'orders-id' },
    replicas: 0,
  }),
  deployment({
    ...{ namespace: 'shop', name: 'cart', account: 'orders', binding: 'orders-id' },
    port: 8000,
  }),
  deployment({
    ...{ namespace: 'shop', name: 'checkout', account: 'payments', binding: 'payments-id' },
    init: true,
  }),
  deployment({ namespace: 'shop', name: 'ledger', account: 'payments', binding: 'payments-id' }),
  deployment({
    ...{ namespace: 'shop', name: 'invoices', account: 'payments', binding: 'payments-id' },
    spec: { strategy: { type: 'Recreate' } },
  }),
  cronJob({
    ...{ namespace: 'shop', name: 'nightly-report', account: 'reports', binding: 'reports' },
    schedule: '15 2 * * *',
  }),
  cronJob({
    ...{ namespace: 'shop', name: 'hourly-report', account: 'reports', binding: 'reports' },
    schedule: '5 * * * *',
  }),
  deployment({
    ...{ namespace: 'shop', name: 'catalog', account: 'orders', binding: 'orders-id' },
    marks: flux,
  }),
  deployment({
    ...{ namespace: 'shop', name: 'pricing', account: 'orders', binding: 'orders-id' },
    env: [{ name: 'AZURE_CLIENT_ID', value: '00000000-aaaa-4bbb-8ccc-000000000000' }],
  }),
  deployment({ namespace: 'shop', name: 'legacy-search', binding: 'search-id' }),
  deployment({ namespace: 'shop', name: 'storefront' }),
];

const data: readonly KubeObject[] = [
  namespace('data', { 'steward.dev/team': 'data' }),
  serviceAccount('data', 'etl'),
  statefulSet({ namespace: 'data', name: 'etl-queue', account: 'etl', binding: 'etl-id' }),
  statefulSet({
    ...{ namespace: 'data', name: 'etl-state', account: 'etl', binding: 'etl-id' },
    replicas: 1,
  }),
  deployment({ namespace: 'data', name: 'etl-runner', binding: 'etl-id' }),
  deployment({ namespace: 'data', name: 'etl-api', binding: 'etl-id' }),
  daemonSet({ namespace: 'data', name: 'collector', account: 'etl', binding: 'etl-id' }),
  deployment({ namespace: 'data', name: 'warehouse-loader', binding: 'warehouse-id' }),
  deployment({
    ...{ namespace: 'data', name: 'warehouse-export', binding: 'warehouse-id' },
    labels: { purpose: 'export' },
  }),
  deployment({
    ...{ namespace: 'data', name: 'etl-ui', account: 'etl', binding: 'etl-id' },
    marks: argo,
  }),
  deployment({
    ...{ namespace: 'data', name: 'meshed-api', account: 'etl', binding: 'etl-id' },
    labels: { 'sidecar.istio.io/inject': 'true' },
  }),
];

const ops: readonly KubeObject[] = [
  namespace('ops', { 'steward.dev/team': 'platform' }),
  serviceAccount('ops', 'backup'),
  deployment({ namespace: 'ops', name: 'backup', account: 'backup', binding: 'backup-id' }),
  cronJob({
    ...{ namespace: 'ops', name: 'snapshot', account: 'backup', binding: 'backup-id' },
    schedule: '40 */4 * * *',
  }),
  daemonSet({
    ...{ namespace: 'ops', name: 'node-agent', account: 'backup', binding: 'backup-id' },
    more: { hostNetwork: true },
  }),
  deployment({
    ...{ namespace: 'ops', name: 'credentialed', account: 'backup', binding: 'backup-id' },
    env: [{ name: 'AZURE_CLIENT_SECRET', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
  }),
  deployment({ namespace: 'ops', name: 'orphan', binding: 'gone-id' }),
  job({ namespace: 'ops', name: 'restore', account: 'backup', binding: 'backup-id' }),
  barePod({ namespace: 'ops', name: 'debug-shell', account: 'backup', binding: 'backup-id' }),
];

const web: readonly KubeObject[] = [
  namespace('web', {
    'steward.dev/team': 'web',
    'pod-security.kubernetes.io/enforce': 'baseline',
  }),
  serviceAccount('web', 'edge'),
  deployment({
    ...{ namespace: 'web', name: 'edge', account: 'edge', binding: 'edge-id' },
  }),
  deployment({
    ...{ namespace: 'web', name: 'edge-admin', account: 'edge', binding: 'edge-id' },
    marks: helm,
  }),
  deployment({
    ...{ namespace: 'web', name: 'edge-cache', account: 'edge', binding: 'edge-id' },
  }),
];

/** Thirty workloads that carry the label of pod identity, in all states that a migration knows, and one that does not. */
export const objects: readonly KubeObject[] = [...shop, ...data, ...ops, ...web];

/** What the owners of workloads have said: how their apps get tokens, and as whom. */
export const options = {
  authMode: { 'web/Deployment/edge-cache': 'sdk', 'ops/DaemonSet/node-agent': 'imds' },
  patienceHours: 0.5,
  defaultIdentity: { 'data/Deployment/warehouse-export': 'warehouse-id' },
};
