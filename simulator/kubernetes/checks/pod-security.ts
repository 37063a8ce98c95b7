import { at, objectAt, objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import { said } from '../object-parts';
import type { KubeObject } from '../resource-table';

type Violation = (spec: JsonObject) => string | undefined;

const allowedCapabilities = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

const hostNamespaces: Violation = (spec) => {
  const used = ['hostNetwork', 'hostPID', 'hostIPC'].filter((name) => spec[name] === true);
  const list = used.map((name) => `${name}=true`).join(', ');
  return used.length === 0 ? undefined : `host namespaces (${list})`;
};

const privileged: Violation = (spec) =>
  byContainers(
    'privileged',
    'must not set securityContext.privileged=true',
    containersOf(spec).filter((one) => at(one, 'securityContext', 'privileged') === true),
  );

const capabilities: Violation = (spec) => {
  const added = (container: JsonObject): readonly string[] =>
    addedTo(container).filter((name) => !allowedCapabilities.has(name));
  const found = containersOf(spec).filter((one) => added(one).length > 0);
  const names = [...new Set(found.flatMap(added))].sort().map((name) => `"${name}"`);
  const rule = `must not include ${names.join(', ')} in securityContext.capabilities.add`;
  return byContainers('non-default capabilities', rule, found);
};

const hostPath: Violation = (spec) => {
  const found = objectsAt(spec, 'volumes').filter((one) => one['hostPath'] !== undefined);
  return found.length === 0 ? undefined : `hostPath volumes (${quoted('volume', found)})`;
};

const hostPorts: Violation = (spec) => {
  const portsOf = (container: JsonObject): readonly string[] =>
    objectsAt(container, 'ports')
      .map(({ hostPort }) => said(hostPort ?? 0))
      .filter((port) => port !== '0');
  const found = containersOf(spec).filter((one) => portsOf(one).length > 0);
  const ports = [...new Set(found.flatMap(portsOf))].join(', ');
  return byContainers('hostPort', `uses hostPort ${ports}`, found);
};

const escalation: Violation = (spec) =>
  byContainers(
    'allowPrivilegeEscalation != false',
    'must set securityContext.allowPrivilegeEscalation=false',
    containersOf(spec).filter(
      (one) => at(one, 'securityContext', 'allowPrivilegeEscalation') !== false,
    ),
  );

const unrestricted: Violation = (spec) =>
  byContainers(
    'unrestricted capabilities',
    'must set securityContext.capabilities.drop=["ALL"]',
    containersOf(spec).filter((one) => {
      const dropped = at(one, 'securityContext', 'capabilities', 'drop');
      return !(Array.isArray(dropped) && dropped.includes('ALL'));
    }),
  );

const asRoot: Violation = (spec) => {
  if (at(spec, 'securityContext', 'runAsNonRoot') === true) return undefined;
  const rule = 'must set securityContext.runAsNonRoot=true';
  const found = containersOf(spec).filter(
    (one) => at(one, 'securityContext', 'runAsNonRoot') !== true,
  );
  return byContainers('runAsNonRoot != true', rule, found, 'pod or ');
};

const rootUser: Violation = (spec) =>
  byContainers(
    'runAsUser=0',
    'must not set runAsUser=0',
    containersOf(spec).filter((one) => at(one, 'securityContext', 'runAsUser') === 0),
  );

const seccomp: Violation = (spec) => {
  const isSet = (object: JsonObject): boolean =>
    ['RuntimeDefault', 'Localhost'].includes(
      textAt(object, 'securityContext', 'seccompProfile', 'type') ?? '',
    );
  if (isSet(spec)) return undefined;
  const rule = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"';
  return byContainers(
    'seccompProfile',
    rule,
    containersOf(spec).filter((one) => !isSet(one)),
    'pod or ',
  );
};

const baseline = [hostNamespaces, privileged, capabilities, hostPath, hostPorts];
const restricted = [...baseline, escalation, unrestricted, asRoot, rootUser, seccomp];

/** Why the level that a namespace enforces forbids a pod; undefined where it does not. */
export function podSecurityViolation(namespace: KubeObject, pod: KubeObject): string | undefined {
  const labels = objectAt(namespace, 'metadata', 'labels');
  const level = labels['pod-security.kubernetes.io/enforce'];
  const version = labels['pod-security.kubernetes.io/enforce-version'] ?? 'latest';
  const rules = level === 'restricted' ? restricted : level === 'baseline' ? baseline : [];
  const spec = objectAt(pod, 'spec');
  const found = rules.map((rule) => rule(spec)).filter((violation) => violation !== undefined);
  if (found.length === 0) return undefined;
  return `violates PodSecurity "${said(level)}:${said(version)}": ${found.join(', ')}`;
}

function containersOf(spec: JsonObject): readonly JsonObject[] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap((name) =>
    objectsAt(spec, name),
  );
}

function addedTo(container: JsonObject): readonly string[] {
  const added = at(container, 'securityContext', 'capabilities', 'add');
  return Array.isArray(added) ? (added as readonly string[]) : [];
}

// eslint-disable-next-line max-params -- the three parts of the sentence and its subject
function byContainers(
  title: string,
  rule: string,
  containers: readonly JsonObject[],
  prefix = '',
): string | undefined {
  if (containers.length === 0) return undefined;
  return `${title} (${prefix}${quoted('container', containers)} ${rule})`;
}

function quoted(noun: string, objects: readonly JsonObject[]): string {
  const names = objects.map((one) => `"${said(one['name'])}"`).join(', ');
  return `${noun}${objects.length > 1 ? 's' : ''} ${names}`;
}
