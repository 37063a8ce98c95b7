import type { roleSets } from '../../../domain/role-parts';
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
  /** What was asked of API servers: `verb group resource`. */
  readonly inside: ReadonlySet<string>;
}

/** Something that Steward is asked to do. */
export interface Job {
  /** Actions that Azure checks on what the cluster is linked to: no request of theirs is in the log. */
  readonly links: readonly string[];
  /** Which of the roles are to be enough. */
  readonly set: keyof typeof roleSets;
  /** Does it with these roles, of which none has the action. */
  readonly carryOut: (roles: readonly string[], removed?: string) => Promise<Ending>;
}

export const assign = 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action';
export const join = 'Microsoft.Network/virtualNetworks/subnets/join/action';
export const joinAddress = 'Microsoft.Network/publicIPAddresses/join/action';
export const joinPrefix = 'Microsoft.Network/publicIPPrefixes/join/action';
export const readDisks = 'Microsoft.Compute/diskEncryptionSets/read';

/** What the log of Azure's calls tells. */
export function traces(calls: readonly Call[]): Pick<Ending, 'writes' | 'used' | 'inside'> {
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
    inside: new Set(
      calls.filter(({ provider }) => provider === 'Kubernetes').flatMap((call) => askedIn(call)),
    ),
  };
}

const verbs: Readonly<Record<string, string>> = {
  POST: 'create',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** A request to an API server, as a rule of a ClusterRole would allow it. */
function askedIn({ method, path }: Call): readonly string[] {
  const [, group = '', below = ''] = /\/api(?:s\/([^/]+))?\/v\w+\/([^?]+)/.exec(path) ?? [];
  const parts = below.replace(/^namespaces\/[^/]+\/(?=.)/, '').split('/');
  const [resource = '', name, subresource] = parts; // what comes behind a proxy is the pod's own
  if (resource === '') return []; // its version
  const verb = verbs[method] ?? (name === undefined ? 'list' : 'get');
  return [
    `${verb} ${group} ${subresource === undefined ? resource : `${resource}/${subresource}`}`,
  ];
}
