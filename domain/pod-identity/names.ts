import * as z from 'zod';

/** Azure takes as many pod identities for a cluster, and as many exceptions beside them [az aks pod-identity]. */
export const mostEntries = 200;

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const labelValue = /^([A-Za-z0-9]([-\w.]*[A-Za-z0-9])?)?$/;
const labelKey = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/;

/** Names of Kubernetes objects: RFC 1123. */
export const ObjectName = z.string().max(253).regex(subdomain, {
  error: "must be an RFC 1123 subdomain, such as 'orders-api'",
});
export const Namespace = z.string().max(63).regex(label, {
  error: "must be an RFC 1123 label, such as 'orders'",
});
/** Compared byte by byte with the pod label `aadpodidbinding`: an empty one would match no pod. */
export const Selector = z.string().min(1).max(63).regex(labelValue, {
  error: 'must be a value that a label can have',
});
/** An exception holds for pods with any one of its labels: without a label it would hold for none. */
export const PodLabels = z
  .record(
    z.string().max(317).regex(labelKey, { error: 'must be a key that a label can have' }),
    z.string().max(63).regex(labelValue, { error: 'must be a value that a label can have' }),
  )
  .refine((labels) => Object.keys(labels).length > 0, { error: 'need at least one label' });
