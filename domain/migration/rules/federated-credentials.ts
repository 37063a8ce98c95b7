import { credentialName, exchangeAudience } from '../credential-name';
import type { IdentityMigration, NewCredential } from '../document';
import type { Fleet, FleetCluster, FleetCredential } from '../reading/fleet';
import { grouped, inOrder, sortedBy } from '../reading/values';

const mostCredentials = 20; // per identity; source: workload identity federation considerations

/** A credential that a workload needs on one of its identities. */
export interface CredentialWish {
  readonly federates: string;
  readonly clientId: string;
  readonly cluster: FleetCluster;
  readonly namespace: string;
  readonly account: string;
}

/** What is there for a wish: the credential, one to be corrected, one that will be made, no room for one. */
export interface CredentialState {
  readonly is: 'right' | 'to-update' | 'new' | 'no-room';
  readonly nearMiss: boolean;
}

export interface CredentialPlan {
  readonly identities: readonly IdentityMigration[];
  readonly stateOf: (wish: CredentialWish) => CredentialState;
}

interface Answer {
  readonly wish: CredentialWish;
  readonly exact?: FleetCredential;
  readonly nearMisses: readonly FleetCredential[];
}

/** R10: which credentials are made, over all clusters of the run: all that an identity needs, or none. */
export function planCredentials(wishes: readonly CredentialWish[], fleet: Fleet): CredentialPlan {
  const states = new Map<string, CredentialState>();
  const byIdentity = grouped(wishes, ({ federates }) => federates);
  const identities = sortedBy(byIdentity, ([federates]) => federates).map(([federates, of]) => {
    const credentials = fleet.identities.get(federates)?.credentials ?? [];
    const answers = distinct(of).map((wish) => answer(wish, credentials));
    const missing = answers.filter(({ exact }) => !exact);
    const deficit = Math.max(0, credentials.length + missing.length - mostCredentials);
    const room = missing.length === 0 || deficit === 0;
    for (const one of answers) states.set(keyOf(one.wish), stateOf(one, room));
    return identityMigration(federates, { answers, deficit: room ? 0 : deficit, room, fleet });
  });
  const none: CredentialState = { is: 'no-room', nearMiss: false };
  return { identities, stateOf: (wish) => states.get(keyOf(wish)) ?? none };
}

function keyOf({ federates, cluster, namespace, account }: CredentialWish): string {
  return [federates, cluster.id.toLowerCase(), namespace, account].join('\0');
}

function distinct(wishes: readonly CredentialWish[]): readonly CredentialWish[] {
  const byKey = new Map(wishes.map((wish) => [keyOf(wish), wish]));
  return sortedBy(byKey, ([key]) => key).map(([, wish]) => wish);
}

function subjectOf({ namespace, account }: CredentialWish): string {
  return `system:serviceaccount:${namespace}:${account}`;
}

function answer(wish: CredentialWish, credentials: readonly FleetCredential[]): Answer {
  const { issuer } = wish.cluster;
  if (issuer === null) return { wish, nearMisses: [] };
  const subject = subjectOf(wish);
  const isExact = (one: FleetCredential) => one.issuer === issuer && one.subject === subject;
  const exact = credentials.find(isExact);
  const nearMisses = credentials.filter(
    (one) =>
      !isExact(one) &&
      sameIssuer(one.issuer) === sameIssuer(issuer) &&
      one.subject.toLowerCase() === subject.toLowerCase(),
  );
  return { wish, ...(exact && { exact }), nearMisses };
}

/** Issuers and subjects are compared letter by letter; these differ only in what people overlook. */
function sameIssuer(issuer: string): string {
  return issuer.toLowerCase().replace(/\/+$/, '');
}

function stateOf({ exact, nearMisses }: Answer, room: boolean): CredentialState {
  const nearMiss = nearMisses.length > 0;
  if (!exact) return { is: room ? 'new' : 'no-room', nearMiss };
  return { is: isForEntra(exact) ? 'right' : 'to-update', nearMiss };
}

function isForEntra({ audiences }: FleetCredential): boolean {
  return audiences.includes(exchangeAudience);
}

function identityMigration(
  federates: string,
  {
    answers,
    deficit,
    room,
    fleet,
  }: {
    readonly answers: readonly Answer[];
    readonly deficit: number;
    readonly room: boolean;
    readonly fleet: Fleet;
  },
): IdentityMigration {
  const identity = fleet.identities.get(federates);
  const credentials = identity?.credentials ?? [];
  const found = answers.flatMap(({ exact }) => exact ?? []);
  const needed = new Set(found.map(({ name }) => name));
  const missing = answers.filter(({ exact }) => !exact);
  return {
    resourceId: identity?.id ?? federates,
    clientId: answers[0]?.wish.clientId ?? '',
    ficsExisting: credentials.length,
    ficsReused: names(found.filter(isForEntra)),
    ficsToUpdate: names(found.filter((one) => !isForEntra(one))),
    // A near miss of one subject may be what another trusts.
    nearMissFics: names(answers.flatMap((one) => one.nearMisses)).filter(
      (name) => !needed.has(name),
    ),
    staleFics: names(credentials.filter(({ issuer }) => isStale(issuer, fleet))),
    ficDeficit: deficit,
    ficsToCreate: room ? missing.map(({ wish }) => newCredential(wish)) : [],
  };
}

function newCredential(wish: CredentialWish): NewCredential {
  const { cluster, namespace, account } = wish;
  const { name, issuer } = cluster;
  const subject = subjectOf(wish);
  if (issuer === null) return { cluster: name, issuer, subject };
  const place = { cluster: name, namespace, account };
  return { cluster: name, issuer, subject, name: credentialName(place, { issuer, subject }) };
}

/** Issuers of AKS, old and new; `ib` is that of identity bindings, which AKS keeps itself. */
const aksIssuer = /^https:\/\/(?:oidc|(?!ib\.)[a-z0-9-]+\.oic)\.prod-aks\.azure\.com\//;

/** Whether an issuer is that of an AKS cluster that the fleet does not have. */
function isStale(issuer: string, { clusters }: Fleet): boolean {
  const key = sameIssuer(issuer);
  const known = [...clusters.values()].some(
    (cluster) => cluster.issuer !== null && sameIssuer(cluster.issuer) === key,
  );
  return aksIssuer.test(`${key}/`) && !known;
}

function names(credentials: readonly FleetCredential[]): readonly string[] {
  return [...new Set(credentials.map(({ name }) => name))].sort(inOrder);
}
