import * as z from 'zod';

import { mostEntries, Namespace, ObjectName, PodLabels, Selector } from './names';

const identityId = z
  .string()
  .regex(
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[^/]+$/i,
    { error: 'must be the ARM id of a user-assigned identity' },
  );

const place = { name: ObjectName, namespace: Namespace };
const listOf = <T extends z.ZodType>(item: T) => z.array(item).min(1).max(mostEntries);

export const Exception = z.strictObject({ ...place, podLabels: PodLabels });
export type Exception = z.infer<typeof Exception>;

/** What has to be said by whoever wants the add-on: Azure has not supported it since September 2025. */
export const accepting = {
  acceptUnsupported: z.literal(true, {
    error: 'must be true: Azure has not supported the add-on since September 2025',
  }),
  /** Last day on which the add-on is accepted; afterwards it is reported as lapsed. */
  expires: z.iso.date({ error: "must be a day, such as '2027-03-31'" }),
  /** Under kubenet a pod can take the address of another one, and with it its identity. */
  consentKubenet: z.boolean().default(false),
  /** Pods that NMI leaves alone from the first moment. */
  exceptions: z.array(Exception).max(mostEntries).default([]),
};

/** What can be done about the pod identities of a cluster, by its name in the API. */
export const changes = {
  enable: z.strictObject(accepting),
  disable: z.strictObject({
    /** `namespace/name` of the entries that may go although their identities exist. */
    entries: z
      .array(z.string().regex(/^[^/]+\/[^/]+$/, { error: "must look like 'namespace/name'" }))
      .max(mostEntries)
      .default([]),
  }),
  add: z.strictObject({
    identities: listOf(
      z.strictObject({
        ...place,
        /** Value of the pod label `aadpodidbinding`; the name of the entry if left out. */
        selector: Selector.optional(),
        identityId,
        /** Whether the identity also gets Virtual Machine Contributor on the node group: the demo of the add-on wants it. */
        demoRole: z.boolean().default(false),
      }),
    ),
  }),
  update: z.strictObject({
    identities: listOf(z.strictObject({ ...place, selector: Selector })),
  }),
  delete: z.strictObject({ identities: listOf(z.strictObject(place)) }),
  addException: z.strictObject({ exceptions: listOf(Exception) }),
  updateException: z.strictObject({ exceptions: listOf(Exception) }),
  deleteException: z.strictObject({ exceptions: listOf(z.strictObject(place)) }),
} as const;

export type ChangeKind = keyof typeof changes;

/** A change that somebody asks for. */
export type PodIdentityChange = {
  readonly [K in ChangeKind]: { readonly kind: K } & z.infer<(typeof changes)[K]>;
}[ChangeKind];

/** What people should know about a change, whatever becomes of it. */
export function notesOn(change: PodIdentityChange): readonly string[] {
  return exceptionsOf(change).flatMap(({ namespace, name, podLabels }) => {
    const labels = Object.entries(podLabels).map(([key, value]) => `${key}=${value}`);
    return labels.length < 2
      ? []
      : [
          `${namespace}/${name} has several labels: a pod with any one of them is excepted, not only pods with all (${labels.join(' or ')}).`,
        ];
  });
}

function exceptionsOf(change: PodIdentityChange): readonly Exception[] {
  const { kind } = change;
  const labels = kind === 'enable' || kind === 'addException' || kind === 'updateException';
  return labels ? change.exceptions : [];
}
