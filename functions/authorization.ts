import type { HttpRequest } from '@azure/functions';
import * as z from 'zod';

import { Problem } from './problem';

/** App roles of the API, as the Entra application declares them. Every one of them lets its holder read. */
export const appRoles = [
  'Fleet.Read',
  'Fleet.Onboard',
  'Fleet.Remediate',
  'Fleet.Approve',
  'Fleet.Admin',
] as const;

export type AppRole = (typeof appRoles)[number];

/** Tells whether a request may be served. @throws Problem `unauthenticated` or `forbidden` */
export type Authorize = (request: HttpRequest, role: AppRole) => void;

/** The host has checked the function key before it calls us. */
export const byFunctionKey: Authorize = () => undefined;

/**
 * By the app roles of whoever App Service authentication let in. It takes its header from a caller and sets its own;
 * while it is off anybody can send one.
 *
 * @param isOn whether the platform authenticates.
 */
export function byAppRole(isOn: () => boolean): Authorize {
  return (request, role) => {
    if (!isOn()) {
      throw new Problem(
        'unauthenticated',
        'App Service authentication is off, so nobody can be told apart. Turn it on, or set STEWARD_AUTH to keys.',
      );
    }
    const roles = rolesIn(request.headers.get('x-ms-client-principal'));
    if (roles.some((held) => includes(held, role))) return;
    const given = roles.length === 0 ? 'no role' : roles.join(', ');
    throw new Problem(
      'forbidden',
      `This needs the app role ${role}; the caller has ${given}. Assign it in the Entra application of Steward.`,
    );
  };
}

function includes(held: string, role: AppRole): boolean {
  if (held === role || held === 'Fleet.Admin') return true;
  return role === 'Fleet.Read' && appRoles.some((known) => known === held);
}

const Principal = z.object({
  role_typ: z.string().min(1),
  claims: z.array(z.object({ typ: z.string(), val: z.string() })),
});

/** App Service maps the names of some claims and not of others: app roles come under either name. */
const roleClaim = 'roles';

/** Source: "Work with user identities in Azure App Service authentication", decoding the header. */
function rolesIn(header: string | null): readonly string[] {
  const principal = header === null ? undefined : Principal.safeParse(decoded(header)).data;
  if (!principal) {
    throw new Problem('unauthenticated', 'Nobody is signed in. Send a token for this API.');
  }
  const { role_typ: mapped, claims } = principal;
  return claims.filter(({ typ }) => typ === mapped || typ === roleClaim).map(({ val }) => val);
}

function decoded(header: string): unknown {
  // Node would pass over whatever is not Base64, such as the comma between two headers.
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(header)) return undefined;
  try {
    return JSON.parse(Buffer.from(header, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}
