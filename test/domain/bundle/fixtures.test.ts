import { inspectBundle } from '../../../domain/bundle/inspection';
import type { Inspection } from '../../../domain/bundle/inspection';
import { armGuid } from '../../../domain/arm/guid';
import { namedFixtures } from '../../support/fixtures';
import type { ClusterFixture } from '../../support/fixtures';

type Finding = Pick<Inspection['findings'][number], 'rule' | 'severity' | 'subject'>;

const groups = /^(IDN|ROL|FTR)-/;

/** Findings about identities, roles and flags, in an order of their own, compared without regard to case. */
function keysOf(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ rule }) => groups.test(rule))
    .map(({ rule, severity, subject }) => `${rule} ${severity} ${subject}`.toLowerCase())
    .sort();
}

function requirementsOf({ requiredRoleAssignments }: Pick<Inspection, 'requiredRoleAssignments'>) {
  return requiredRoleAssignments
    .map(({ requirement, principal, principalId, roleDefinitionGuid, scope, state }) =>
      [requirement, principal, principalId, roleDefinitionGuid, scope, state]
        .join(' ')
        .toLowerCase(),
    )
    .sort();
}

/** As support engineers get it: the export, without what must come of it. */
function bundleOf({ expected: _expected, ...bundle }: ClusterFixture): Record<string, unknown> {
  return structuredClone(bundle);
}

function without(fixture: ClusterFixture, key: string): Record<string, unknown> {
  const bundle = bundleOf(fixture);
  const context = Object.entries(bundle['context'] as object).filter(([name]) => name !== key);
  return { ...bundle, context: Object.fromEntries(context) };
}

/** Every list of the bundle the other way round. Add-on settings and permissions keep their order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed).reverse();
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, reversed(member)]);
  return Object.fromEntries(members) as unknown;
}

/** Every ARM id in capitals, keys and values. */
function shouted(value: unknown): unknown {
  if (typeof value === 'string')
    return value.startsWith('/subscriptions/') ? value.toUpperCase() : value;
  if (Array.isArray(value)) return value.map(shouted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [shouted(key), shouted(member)]);
  return Object.fromEntries(members) as unknown;
}

function withTrailingSlashes(bundle: Record<string, unknown>): Record<string, unknown> {
  const context = bundle['context'] as { roleAssignments: { properties: { scope: string } }[] };
  for (const { properties } of context.roleAssignments) properties.scope += '/';
  return bundle;
}

describe.each(namedFixtures)('the look at %s', (_name, fixture) => {
  const { expected } = fixture;
  const found = inspectBundle(bundleOf(fixture));

  it('finds what is to be found about identities, roles and flags, and no more', () => {
    expect(keysOf(found.findings)).toEqual(keysOf(expected.findings));
  });

  it('says of each assignment that it finds fault with what it is', () => {
    const about = ({ rule, subject, about: assignment }: Inspection['findings'][number]) =>
      `${rule} ${subject} ${JSON.stringify(assignment)}`;
    const wanted = expected.findings.filter((one) => one.about !== undefined);

    const seen = found.findings.filter((one) => one.about !== undefined);
    expect(seen.map(about).sort()).toEqual(wanted.map((one) => about(one as never)).sort());
  });

  it('knows every role that is needed, for whom, why, and in which state', () => {
    const plain = found.requiredRoleAssignments.map(({ leastPrivilege: _actions, ...one }) => one);

    expect(plain).toEqual(expected.requiredRoleAssignments);
  });

  it('names an assignment as templates do', () => {
    for (const {
      scope,
      principalId,
      roleDefinitionGuid,
      assignmentName,
    } of found.requiredRoleAssignments) {
      expect(assignmentName).toBe(
        armGuid(scope.toLowerCase(), principalId ?? '', roleDefinitionGuid),
      );
    }
  });

  it('would create what is missing, in no other way', () => {
    expect(found.createRoleAssignments).toEqual(expected.createRoleAssignments);
  });

  it('outlines a change of identity that is due', () => {
    expect(found.identityPlan).toEqual(expected.identityPlan);
  });

  it('tells what looks like a missing role and is none', () => {
    expect(found.advisory).toEqual(expected.advisory);
  });

  it('has words, evidence and a next step for everything', () => {
    for (const { text, evidence, fix } of found.findings) {
      expect([text, fix].every((sentence) => /^[A-Z].*\.$/.test(sentence))).toBe(true);
      expect(evidence.length).toBeGreaterThan(0);
    }
  });

  it.each([
    ['lists the other way round', reversed(bundleOf(fixture))],
    ['ids in capitals', shouted(bundleOf(fixture))],
    ['slashes at the ends of scopes', withTrailingSlashes(bundleOf(fixture))],
  ])('is the same with %s', (_variation, bundle) => {
    const same = inspectBundle(bundle);

    expect(keysOf(same.findings)).toEqual(keysOf(found.findings));
    expect(requirementsOf(same)).toEqual(requirementsOf(found));
  });

  it.each([
    'graph',
    'kubernetes',
    'federatedCredentials',
    'features',
    'providers',
    'eventSubscriptions',
    'maintenanceConfigurations',
    'upgradeProfiles',
    'roleAssignmentUsage',
    'formerPrincipals',
    'roleAssignments',
    'resources',
  ])('finds nothing new without %s', (key) => {
    const less = inspectBundle(without(fixture, key));

    expect(keysOf(found.findings)).toEqual(expect.arrayContaining([...keysOf(less.findings)]));
  });

  it('is unsure of every role without the assignments', () => {
    const { requiredRoleAssignments: unsure, createRoleAssignments: none } = inspectBundle(
      without(fixture, 'roleAssignments'),
    );

    expect(unsure.every(({ state }) => state === 'unknown')).toBe(true);
    expect(none).toEqual([]);
  });
});
