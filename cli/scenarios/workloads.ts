/** A Kubernetes object, written short. */
export type KubeObject = Readonly<Record<string, unknown>>;

export interface PodShape {
  readonly account?: string;
  /** Value of the label that binds pods to identities; none without. */
  readonly binding?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly env?: readonly object[];
  readonly port?: number;
  readonly init?: boolean;
  readonly restart?: 'Never';
  readonly more?: object;
}

export interface WorkloadShape extends PodShape {
  readonly namespace: string;
  readonly name: string;
  readonly replicas?: number;
  /** Of the workload itself, not of its pods. */
  readonly marks?: { readonly labels?: object; readonly annotations?: object };
  readonly spec?: object;
}

const image = (name: string) => `registry.contoso.example/${name}:1.4.2`;
const resources = { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } };

/** The template of a workload's pods. */
export function template({ name, namespace: _in, ...pod }: WorkloadShape): object {
  const { account = 'default', binding, labels, annotations, env, port, init, restart } = pod;
  const main = {
    name: 'main',
    image: image(name),
    resources,
    ...(env && { env }),
    ...(port !== undefined && { ports: [{ containerPort: port }] }),
  };
  return {
    metadata: {
      labels: { app: name, ...(binding !== undefined && { aadpodidbinding: binding }), ...labels },
      ...(annotations && { annotations }),
    },
    spec: {
      serviceAccountName: account,
      ...(restart && { restartPolicy: restart }),
      ...(init === true && {
        initContainers: [{ name: 'migrate', image: image(name), resources }],
      }),
      containers: [main],
      ...pod.more,
    },
  };
}

export function deployment(shape: WorkloadShape): KubeObject {
  return workload('Deployment', shape, {
    replicas: shape.replicas ?? 2,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
  });
}

export function statefulSet(shape: WorkloadShape): KubeObject {
  return workload('StatefulSet', shape, {
    replicas: shape.replicas ?? 2,
    serviceName: shape.name,
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate' },
  });
}

export function daemonSet(shape: WorkloadShape): KubeObject {
  return workload('DaemonSet', shape, {
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
  });
}

function workload(kind: string, shape: WorkloadShape, spec: object): KubeObject {
  const { namespace, name } = shape;
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace, labels: { app: name }, ...shape.marks },
    spec: {
      ...spec,
      selector: { matchLabels: { app: name } },
      template: template(shape),
      ...shape.spec,
    },
  };
}

export function cronJob(shape: WorkloadShape & { readonly schedule: string }): KubeObject {
  const { namespace, name, schedule } = shape;
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, namespace, ...shape.marks },
    spec: {
      schedule,
      concurrencyPolicy: 'Forbid',
      jobTemplate: {
        spec: { backoffLimit: 2, template: template({ ...shape, restart: 'Never' }) },
      },
    },
  };
}

export function job(shape: WorkloadShape): KubeObject {
  const { namespace: inNamespace, name } = shape;
  const metadata = { name, namespace: inNamespace };
  const spec = { backoffLimit: 2, template: template({ ...shape, restart: 'Never' }) };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata, spec };
}

/** A pod that nobody looks after. */
export function barePod(shape: WorkloadShape): KubeObject {
  const { namespace, name } = shape;
  const { metadata, spec } = template(shape) as { metadata: object; spec: object };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, ...metadata }, spec };
}

export function serviceAccount(inNamespace: string, name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: inNamespace } };
}

export function namespace(name: string, labels: Readonly<Record<string, string>> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}
