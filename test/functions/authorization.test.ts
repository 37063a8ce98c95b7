import { appRoles, byAppRole, byFunctionKey } from '../../functions/authorization';
import type { AppRole } from '../../functions/authorization';
import { Problem } from '../../functions/problem';
import { aRequest } from '../support/http';

const mapped = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role';

interface Claim {
  readonly typ: string;
  readonly val: string;
}

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

function principal(claims: readonly Claim[], role_typ: string = mapped): string {
  return base64({ auth_typ: 'aad', name_typ: 'name', role_typ, claims });
}

const holding = (...roles: readonly string[]): string =>
  principal(roles.map((val) => ({ typ: 'roles', val })));

/** `allowed`, or the code and the words of the refusal. */
function ask(header: string | undefined, role: AppRole, isOn = true): string {
  const headers = header === undefined ? {} : { 'x-ms-client-principal': header };
  try {
    byAppRole(() => isOn)(aRequest({ headers }), role);
    return 'allowed';
  } catch (error) {
    if (error instanceof Problem) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const nobody = 'unauthenticated: Nobody is signed in. Send a token for this API.';

describe('byAppRole', () => {
  const allowed: Readonly<Record<AppRole, readonly AppRole[]>> = {
    'Fleet.Read': ['Fleet.Read'],
    'Fleet.Onboard': ['Fleet.Read', 'Fleet.Onboard'],
    'Fleet.Remediate': ['Fleet.Read', 'Fleet.Remediate'],
    'Fleet.Approve': ['Fleet.Read', 'Fleet.Approve'],
    'Fleet.Admin': appRoles,
  };

  describe.each(appRoles)('lets a holder of %s', (held) => {
    it.each(appRoles)('do what needs %s, or not', (role) => {
      expect(ask(holding(held), role) === 'allowed').toBe(allowed[held].includes(role));
    });
  });

  it('lets whoever has several roles do what any of them allows', () => {
    const header = holding('Fleet.Approve', 'Fleet.Remediate');

    expect(ask(header, 'Fleet.Remediate')).toBe('allowed');
    expect(ask(header, 'Fleet.Approve')).toBe('allowed');
    expect(ask(header, 'Fleet.Onboard')).toBe(
      'forbidden: This needs the app role Fleet.Onboard; the caller has Fleet.Approve, Fleet.Remediate. Assign it in the Entra application of Steward.',
    );
  });

  it.each([mapped, 'roles', 'custom'])(
    'finds the role in a claim that the header calls %s',
    (typ) => {
      expect(ask(principal([{ typ, val: 'Fleet.Onboard' }], typ), 'Fleet.Onboard')).toBe('allowed');
    },
  );

  it.each<[string, string]>([
    ['no role', holding()],
    ['a role in other letters', holding('fleet.onboard')],
    ['a role that is no role of ours', holding('Fleet.Onboard.All')],
    ['a scope of that name', principal([{ typ: 'scp', val: 'Fleet.Onboard' }])],
    ['a group of that name', principal([{ typ: 'groups', val: 'Fleet.Onboard' }])],
    ['a claim of another role type', principal([{ typ: mapped, val: 'Fleet.Onboard' }], 'custom')],
    ['roles in one text', holding('Fleet.Read,Fleet.Onboard')],
  ])('refuses %s', (_case, header) => {
    expect(ask(header, 'Fleet.Onboard')).toMatch(/^forbidden: This needs the app role/);
  });

  it('lets a role that is none of ours not even read', () => {
    expect(ask(holding('Reader'), 'Fleet.Read')).toMatch(/^forbidden/);
  });

  it.each<[string, string | undefined]>([
    ['is missing', undefined],
    ['is empty', ''],
    ['is no Base64', '{"claims":[]}'],
    ['is no JSON', Buffer.from('claims').toString('base64')],
    ['has no type of roles', base64({ claims: [{ typ: 'roles', val: 'Fleet.Admin' }] })],
    ['has no claims', base64({ role_typ: mapped })],
    ['has claims of another form', base64({ role_typ: mapped, claims: { roles: 'Fleet.Admin' } })],
    ['has a claim without a value', base64({ role_typ: mapped, claims: [{ typ: 'roles' }] })],
    ['is there twice', `${holding('Fleet.Read')}, ${holding('Fleet.Admin')}`],
  ])('takes nobody for signed in when the header %s', (_case, header) => {
    expect(ask(header, 'Fleet.Read')).toBe(nobody);
  });

  it('refuses even an administrator while App Service does not authenticate: the header may be anybody’s', () => {
    expect(ask(holding('Fleet.Admin'), 'Fleet.Read', false)).toBe(
      'unauthenticated: App Service authentication is off, so nobody can be told apart. Turn it on, or set STEWARD_AUTH to keys.',
    );
  });
});

describe('byFunctionKey', () => {
  it('leaves it to the host, which has checked the key', () => {
    expect(() => {
      byFunctionKey(aRequest(), 'Fleet.Admin');
    }).not.toThrow();
  });
});
