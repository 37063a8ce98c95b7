import * as z from 'zod';

import type { Clients } from '../../clients';
import { callArm } from '../../clients/arm-errors';
import { armName, sameArmId } from '../../domain/ids';
import { list, text } from '../../domain/lenient';
import { TransientError, failureOf } from '../../domain/outcome';
import { absent, capabilitiesPolicy } from '../../domain/pod-identity/net-raw';
import type {
  CapabilityAssignment,
  CapabilityConstraint,
  MitigationReading,
} from '../../domain/pod-identity/net-raw';

const assignmentsApiVersion = '2024-04-01';
const exemptionsApiVersion = '2022-07-01-preview';

const Assignment = z.object({
  id: z.string(),
  properties: z.object({
    policyDefinitionId: text,
    enforcementMode: text,
    notScopes: list(z.string()),
    parameters: z
      .record(z.string(), z.object({ value: z.unknown() }))
      .nullish()
      .transform((value) => value ?? {}),
    overrides: list(z.unknown()),
    resourceSelectors: list(z.unknown()),
  }),
});
const Exemption = z.object({
  properties: z.object({ policyAssignmentId: text, expiresOn: text }),
});
const Constraint = z.object({
  metadata: z.object({ name: text }),
  spec: z.record(z.string(), z.unknown()).default({}),
});

/**
 * Reads what may keep the pods of a cluster from using NET_RAW: policy assignments at a scope and above it, and the
 * constraints of the cluster itself, if it is there.
 *
 * @param scope the cluster, or what it is to be made in.
 * @param policyAddOn the add-on is on that carries policies into the cluster.
 */
export async function mitigationOf(
  clients: Clients,
  scope: string,
  {
    policyAddOn,
    clusterId,
    asOf,
  }: {
    readonly policyAddOn: boolean;
    /** Absent for a cluster that is not there yet. */
    readonly clusterId?: string;
    readonly asOf: string;
  },
): Promise<MitigationReading> {
  const [assignments, inside] = await Promise.all([
    capabilityAssignments(clients, scope, asOf),
    constraintsIn(clients, clusterId),
  ]);
  return { policyAddOn, assignments, ...inside };
}

async function capabilityAssignments(
  clients: Clients,
  scope: string,
  asOf: string,
): Promise<readonly CapabilityAssignment[]> {
  const at = (type: string) =>
    `${scope}/providers/Microsoft.Authorization/${type}?$filter=atScope()`;
  const [assignments, exemptions] = await Promise.all([
    allPages(clients, at('policyAssignments'), {
      apiVersion: assignmentsApiVersion,
      item: Assignment,
    }),
    allPages(clients, at('policyExemptions'), {
      apiVersion: exemptionsApiVersion,
      item: Exemption,
    }),
  ]);
  const exempted = exemptions
    .filter(({ properties: { expiresOn } }) => expiresOn === '' || expiresOn > asOf)
    .map(({ properties }) => properties.policyAssignmentId);
  return assignments
    .filter(({ properties }) => isCapabilities(properties.policyDefinitionId))
    .map(({ id, properties }) => ({
      id,
      enforced: properties.enforcementMode.toLowerCase() !== 'donotenforce',
      notScopes: properties.notScopes,
      parameters: Object.fromEntries(
        Object.entries(properties.parameters).map(([name, { value }]) => [name, value]),
      ),
      weakened:
        properties.overrides.length > 0 ||
        properties.resourceSelectors.length > 0 ||
        exempted.some((one) => sameArmId(one, id)),
    }));
}

function isCapabilities(definitionId: string): boolean {
  return armName(definitionId).toLowerCase() === capabilitiesPolicy;
}

async function allPages<T>(
  clients: Clients,
  path: string,
  { apiVersion, item }: { readonly apiVersion: string; readonly item: z.ZodType<T> },
): Promise<readonly T[]> {
  const arm = await clients.arm(path.split('/')[2] ?? '');
  const scope = path.slice(0, path.indexOf('/providers/Microsoft.Authorization/'));
  const Page = z.object({ value: z.array(item), nextLink: z.string().nullish() });
  const found: T[] = [];
  let next: { path: string; apiVersion?: string } | undefined = { path, apiVersion };
  while (next) {
    const request: { path: string; apiVersion?: string } = next;
    const { body } = await callArm(scope, () => arm({ method: 'GET', ...request }));
    const { value, nextLink } = Page.parse(body);
    found.push(...value);
    next = nextLink ? { path: nextLink } : undefined;
  }
  return found;
}

const templates = ['v1', 'v1beta1'].map(
  (version) => `/apis/templates.gatekeeper.sh/${version}/constrainttemplates/k8spspcapabilities`,
);
const constraints = '/apis/constraints.gatekeeper.sh/v1beta1/k8spspcapabilities';

type Inside = Pick<MitigationReading, 'unreadable' | 'template' | 'constraints'>;
const nothing: Inside = { unreadable: '', template: false, constraints: [] };

/** A cluster that cannot be asked may still have a policy: that is no failure, but a reason that people are told. */
async function constraintsIn(clients: Clients, clusterId: string | undefined): Promise<Inside> {
  const { readKubernetes } = clients;
  if (clusterId === undefined) return nothing;
  if (!readKubernetes) return { ...nothing, unreadable: 'Steward does not reach its API server' };
  try {
    const found = await Promise.all(templates.map((path) => readKubernetes(clusterId, path)));
    if (found.every((one) => one === absent)) return nothing;
    const body = await readKubernetes(clusterId, constraints);
    return { unreadable: '', template: true, constraints: body === absent ? [] : parsed(body) };
  } catch (error) {
    if (error instanceof TransientError) throw error;
    return { ...nothing, unreadable: failureOf(error).message };
  }
}

function parsed(body: unknown): readonly CapabilityConstraint[] {
  const { items } = z.object({ items: list(Constraint) }).parse(body);
  return items.map(({ metadata, spec }) => ({ name: metadata.name, spec }));
}
