import * as z from 'zod';

import type { Clients } from '../../clients';
import type { ClusterFacts } from '../../domain/cluster';
import type { FormerPrincipal, ServicePrincipalReading } from '../../domain/snapshot';

const credentials = z
  .array(z.object({ endDateTime: z.string().nullish() }))
  .nullish()
  .transform((value) => value ?? []);
const DirectoryObject = z.object({
  id: z.string(),
  passwordCredentials: credentials,
  keyCredentials: credentials,
});

const select = '$select=id,appId,displayName,passwordCredentials,keyCredentials';

/**
 * What the directory knows of the cluster's service principal, and when its last secret ends. AKS does not
 * say which secret it uses; the application may live in another tenant.
 *
 * @returns nothing when Steward may not read the directory, or the cluster has no service principal.
 */
export async function servicePrincipalOf(
  clients: Clients,
  { controlPlane }: ClusterFacts,
): Promise<ServicePrincipalReading | undefined> {
  if (controlPlane.kind !== 'servicePrincipal' || !isGuid(controlPlane.clientId)) return undefined;
  const { clientId } = controlPlane;
  const [principal, application] = await clients.directory([
    `/servicePrincipals(appId='${clientId}')?${select}`,
    `/applications(appId='${clientId}')?${select}`,
  ]);
  if (principal?.status === 404) return { objectId: '' };
  if (principal?.status !== 200) return undefined;
  const found = [principal, application]
    .filter((answer) => answer?.status === 200)
    .map((answer) => DirectoryObject.parse(answer?.body));
  const ends = found
    .flatMap(({ passwordCredentials, keyCredentials }) => [
      ...passwordCredentials,
      ...keyCredentials,
    ])
    .flatMap(({ endDateTime }) => endDateTime ?? [])
    .sort((a, b) => Date.parse(a) - Date.parse(b));
  const last = ends.at(-1);
  return { objectId: found[0]?.id ?? '', ...(last !== undefined && { secretEndsAt: last }) };
}

/** Which of the principals the directory does not know; nothing when it cannot be read. */
export async function unknownPrincipals(
  clients: Clients,
  principals: readonly FormerPrincipal[],
): Promise<readonly string[] | undefined> {
  if (principals.length === 0) return [];
  const asked = principals.slice(-20);
  const answers = await clients.directory(
    asked.map(({ objectId }) => `/servicePrincipals/${objectId}?$select=id`),
  );
  if (answers.some(({ status }) => status !== 200 && status !== 404)) return undefined;
  return asked
    .filter((_principal, index) => answers[index]?.status === 404)
    .map(({ objectId }) => objectId);
}

function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
