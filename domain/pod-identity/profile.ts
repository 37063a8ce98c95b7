import * as z from 'zod';

import { list, text } from '../lenient';
import type { PodIdentityEntry } from '../cluster';

const Entry = z.looseObject({
  name: text,
  namespace: text,
  bindingSelector: z.string().nullish(),
  identity: z.looseObject({ resourceId: text }).prefault({}),
  provisioningState: z.string().nullish(),
});
const Excepted = z.looseObject({
  name: text,
  namespace: text,
  podLabels: z
    .record(z.string(), z.string())
    .nullish()
    .transform((value) => value ?? {}),
});
const Profile = z.looseObject({
  enabled: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
  allowNetworkPluginKubenet: z.boolean().nullish(),
  userAssignedIdentities: list(Entry),
  userAssignedIdentityExceptions: list(Excepted),
});

type Unknown = Readonly<Record<string, unknown>>;

export interface WireEntry extends Unknown {
  readonly name: string;
  readonly namespace: string;
  readonly bindingSelector?: string | null | undefined;
  readonly identity: { readonly resourceId: string } & Unknown;
  readonly provisioningState?: string | null | undefined;
}

export interface WireException extends Unknown {
  readonly name: string;
  readonly namespace: string;
  readonly podLabels: Readonly<Record<string, string>>;
}

/** `podIdentityProfile` as it is on the wire, members that nobody here knows included. */
export interface WireProfile extends Unknown {
  readonly enabled: boolean;
  readonly allowNetworkPluginKubenet?: boolean | null | undefined;
  readonly userAssignedIdentities: readonly WireEntry[];
  readonly userAssignedIdentityExceptions: readonly WireException[];
}

/** The profile in the body of a cluster; of one without it, what is sent to switch the add-on on. */
export function profileIn(body: Readonly<Record<string, unknown>>): WireProfile {
  const { podIdentityProfile } = (body['properties'] ?? {}) as { podIdentityProfile?: unknown };
  return Profile.parse(podIdentityProfile ?? {});
}

/** The network plugin that the body of a cluster names: `azure`, `kubenet`, `none`, or nothing. */
export function networkPluginIn(body: Readonly<Record<string, unknown>>): string {
  const { networkProfile } = (body['properties'] ?? {}) as {
    networkProfile?: { networkPlugin?: unknown } | null;
  };
  const plugin = networkProfile?.networkPlugin;
  return typeof plugin === 'string' ? plugin.toLowerCase() : '';
}

/** How people name an entry. */
export function placeOf({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`;
}

/** An entry as the rest of Steward knows it. */
export function toEntry({
  name,
  namespace,
  identity,
  provisioningState,
}: WireEntry): PodIdentityEntry {
  return {
    name,
    namespace,
    identityId: identity.resourceId,
    provisioningState: provisioningState ?? '',
  };
}

/** The profile without what only Azure writes. */
export function writable(profile: WireProfile): WireProfile {
  return {
    ...profile,
    userAssignedIdentities: profile.userAssignedIdentities.map(
      ({ provisioningState: _state, provisioningInfo: _info, ...entry }) => entry,
    ),
  };
}
