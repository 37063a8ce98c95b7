import * as z from 'zod';

import type { GrantedAt } from '../domain/permissions';
import { callArm } from './arm-errors';
import type { Clients } from '.';

const texts = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);
const Page = z.object({
  value: z.array(
    z.object({
      actions: texts,
      notActions: texts,
      dataActions: texts,
      notDataActions: texts,
    }),
  ),
  nextLink: z.string().nullish(),
});

/** What it takes to look. */
export const ownPermissionsNeeds = ['Microsoft.Authorization/permissions/read'];

/** What Steward's own identity may do at each scope, roles from above included. Asks Azure once for each scope. */
export function ownPermissions(
  clients: Clients,
): (scopes: readonly string[]) => Promise<readonly GrantedAt[]> {
  return (scopes) => Promise.all(scopes.map((scope) => permissionsAt(clients, scope)));
}

/** What it may do at one scope. @throws FailureError `Forbidden` where it may not even look. */
export async function permissionsAt(clients: Clients, scope: string): Promise<GrantedAt> {
  const arm = await clients.arm(scope.split('/')[2] ?? '');
  const permissions: GrantedAt['permissions'][number][] = [];
  let next: string | undefined =
    `${scope}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`;
  while (next !== undefined) {
    const path: string = next;
    const { body } = await callArm(scope, () => arm({ method: 'GET', path }));
    const page = Page.parse(body);
    permissions.push(...page.value);
    next = page.nextLink ?? undefined;
  }
  return { scope, permissions };
}
