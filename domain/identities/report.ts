import { armName } from '../ids';
import type { IdentityEntry } from './inventory';

/** The identities of a cluster as a document for people, in Markdown. */
export function identityReport(
  cluster: string,
  identities: readonly IdentityEntry[],
  asOf: string,
): string {
  const sections = identities.map(section);
  return [`# Identities of ${armName(cluster)}`, `\`${cluster}\`, seen at ${asOf}`, ...sections]
    .join('\n\n')
    .concat('\n');
}

function section(entry: IdentityEntry): string {
  const { key, kind, purpose, madeBy, resourceId, clientId, objectId, secretEndsAt } = entry;
  const facts: readonly (string | false)[] = [
    `${kinds[kind]}, made by ${madeBy === 'aks' ? 'AKS' : 'you'}: ${purpose}`,
    resourceId !== undefined && `resource \`${resourceId}\``,
    clientId !== undefined && `client id \`${clientId}\``,
    `object id ${objectId === '' ? 'not known' : `\`${objectId}\``}`,
    secretEndsAt !== undefined && `its last secret ends at ${secretEndsAt}`,
  ];
  const list = facts.filter((fact) => fact !== false).map((fact) => `- ${fact}`);
  return [
    `## ${key}`,
    list.join('\n'),
    ...needs(entry),
    ...excess(entry),
    ...credentials(entry),
  ].join('\n\n');
}

const kinds = {
  servicePrincipal: 'Service principal',
  systemAssigned: 'System-assigned identity',
  userAssigned: 'User-assigned identity',
} as const;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function needs({ needs: roles }: IdentityEntry): readonly string[] {
  if (roles.length === 0) return [];
  const rows = roles.map(({ requirement, role, scope, state, why }) => [
    requirement,
    role,
    `\`${scope}\``,
    state,
    why.join(', '),
  ]);
  return [table(['needs', 'role', 'at', 'state', 'because of'], rows)];
}

function excess({ excess: roles }: IdentityEntry): readonly string[] {
  if (roles.length === 0) return [];
  const rows = roles.map(({ kind, role, scope }) => [role, `\`${scope}\``, kind]);
  return [table(['has too much', 'at', 'why'], rows)];
}

function credentials({ federatedCredentials: trusted }: IdentityEntry): readonly string[] {
  if (trusted.length === 0) return [];
  const rows = trusted.map(({ name, issuer, subject }) => [name, issuer, subject]);
  return [table(['federated credential', 'issuer', 'subject'], rows)];
}
