import fc from 'fast-check';

import { applied } from '../../support/apply-step';
import { judge, planOnboarding } from '../../support/planning';
import { cluster, policy } from '../../support/random-clusters';

const random = { numRuns: 500 };

describe('any plan', () => {
  it('leaves nothing to do once every step is applied', () => {
    fc.assert(
      fc.property(cluster, policy, (before, wanted) => {
        const after = planOnboarding(before, wanted).steps.reduce(applied, before);

        expect(planOnboarding(after, wanted).steps).toEqual([]);
      }),
      random,
    );
  });

  it('may stop after any step: the next plan is the rest of it', () => {
    fc.assert(
      fc.property(cluster, policy, fc.nat(7), (before, wanted, stop) => {
        const { steps } = planOnboarding(before, wanted);
        const done = steps.slice(0, stop);
        const stopped = done.reduce(applied, before);

        const rest = planOnboarding(stopped, wanted).steps.map(({ kind }) => kind);

        expect(rest).toEqual(steps.slice(stop).map(({ kind }) => kind));
      }),
      random,
    );
  });

  it('is the same plan for the same snapshot, also after a trip through a history', () => {
    fc.assert(
      fc.property(cluster, policy, (snapshot, wanted) => {
        const stored = JSON.parse(JSON.stringify(snapshot)) as typeof snapshot;

        expect(planOnboarding(stored, wanted)).toEqual(planOnboarding(snapshot, wanted));
      }),
      random,
    );
  });

  it('never switches the identity before its roles are there, nor rolls nodes before the switch', () => {
    fc.assert(
      fc.property(cluster, policy, (snapshot, wanted) => {
        const { steps } = planOnboarding(snapshot, wanted);
        const at = (kind: string) => steps.findIndex((step) => step.kind === kind);
        const enable = steps.find((step) => step.kind === 'enableManagedIdentity');
        const own = steps.findIndex(
          (step) => step.kind === 'assignRoles' && step.principal === 'controlPlane',
        );

        if (enable?.identity.kind === 'userAssigned') {
          expect(own).toBeLessThan(at('enableManagedIdentity'));
        }
        if (at('rollNodeImages') >= 0) {
          expect(at('rollNodeImages')).toBeGreaterThan(at('enableManagedIdentity'));
          expect(at('rollNodeImages')).toBeGreaterThan(at('assignRoles'));
        }
      }),
      random,
    );
  });

  it('leaves no finding that onboarding promises to repair', () => {
    fc.assert(
      fc.property(cluster, policy, (before, wanted) => {
        const after = planOnboarding(before, wanted).steps.reduce(applied, before);
        const repairable = judge(after, wanted).findings.filter(({ fix }) =>
          fix.startsWith('Onboard'),
        );

        expect(repairable).toEqual([]);
      }),
      random,
    );
  });
});
