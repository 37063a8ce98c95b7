/**
 * A long-running ARM operation as a run carries it: where to ask, and how often. The URL is opaque;
 * without one, the state of the resource itself tells when the operation is over.
 */
export type Operation =
  | { readonly status: 'succeeded' }
  | {
      readonly status: 'running';
      /** What is going on, for messages: `identity switch of aks-orders`. */
      readonly title: string;
      /** ARM id of the resource that changes. */
      readonly target: string;
      readonly subscriptionId: string;
      readonly url?: string;
      readonly pollAfterSeconds: number;
    };
