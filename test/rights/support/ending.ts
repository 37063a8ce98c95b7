import { actionOf } from '../../activities/support/actions';
import type { Call } from '../../activities/support/azure';

/** How a job has ended, and what it has left in Azure. */
export interface Ending {
  readonly ok: boolean;
  readonly message: string;
  readonly next: string;
  /** Changes that Azure, or a cluster, has accepted. */
  readonly writes: readonly string[];
  /** ARM actions behind the requests, lower-cased. */
  readonly used: ReadonlySet<string>;
}

/** Something that Steward is asked to do. */
export interface Job {
  /** Actions that Azure checks on what the cluster is linked to: no request of theirs is in the log. */
  readonly links: readonly string[];
  /** Does it with all the roles of a deployment, of which none has this action. */
  readonly carryOut: (removed: string) => Promise<Ending>;
}

export const assign = 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action';
export const join = 'Microsoft.Network/virtualNetworks/subnets/join/action';
export const joinAddress = 'Microsoft.Network/publicIPAddresses/join/action';
export const joinPrefix = 'Microsoft.Network/publicIPPrefixes/join/action';
export const readDisks = 'Microsoft.Compute/diskEncryptionSets/read';

/** What the log of Azure's calls tells. */
export function traces(calls: readonly Call[]): Pick<Ending, 'writes' | 'used'> {
  const accepted = calls.filter(({ target, status }) => target !== undefined && status < 300);
  return {
    writes: accepted
      .map(({ method, operation }) => `${method} ${operation}`)
      .filter((write) => !/listClusterUserCredential|runCommand/i.test(write)),
    used: new Set(
      calls
        .filter(({ provider }) => !['Kubernetes', 'Microsoft.Graph'].includes(provider))
        .map((call) => actionOf(call)),
    ),
  };
}
