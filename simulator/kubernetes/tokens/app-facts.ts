import type { JsonObject } from '../../json';

/** How the app of a workload gets its tokens, and for whom it needs them. */
export interface App extends JsonObject {
  readonly uses: 'sdk' | 'imds';
  readonly asksBy: 'clientId' | 'nothing' | 'resourceId';
  /** Client id of the identity that it needs; empty when it never had one. */
  readonly clientId: string;
}
