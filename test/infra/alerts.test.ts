import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './support/bicep';
import { deployedBy } from './support/snapshots';

interface Rule {
  readonly description: string;
  readonly enabled: boolean;
  readonly windowSize: string;
  readonly criteria: {
    readonly allOf: readonly { readonly query: string; readonly operator: string }[];
  };
  readonly actions: { readonly actionGroups: readonly string[] };
}

const deployed = deployedBy('small');
const rules = new Map(
  deployed
    .filter(({ type }) => type === 'Microsoft.Insights/scheduledQueryRules')
    .map(({ name, properties }) => [name.replace(/^ar-[a-z0-9]+-/, ''), properties as Rule]),
);
const source = (file: string) => readFileSync(join(root, file), 'utf8');
const queryOf = (name: string) => rules.get(name)?.criteria.allOf[0]?.query ?? '';

/** The events of the log that a query looks for. */
function lookedFor(name: string): readonly string[] {
  return [...queryOf(name).matchAll(/Message has "([^"]+)"/g)].map(([, event = '']) => event);
}

describe('alert rules', () => {
  it('are on, tell people, and say what to do next', () => {
    const [group] = deployed.filter(({ type }) => type === 'Microsoft.Insights/actionGroups');

    expect([...rules.keys()]).toEqual([
      'sweep-overdue',
      'functions-failing',
      'events-quarantined',
      'throttled',
    ]);
    expect(group?.properties).toMatchObject({
      emailReceivers: [{ emailAddress: 'platform@example.org' }],
    });
    for (const { enabled, actions, description } of rules.values()) {
      expect(enabled).toBe(true);
      expect(actions.actionGroups).toEqual([group?.id]);
      expect(description).toMatch(/\. Next: [^.].*\.$/);
    }
  });

  it('look for events under the names by which the app logs them', () => {
    expect(lookedFor('sweep-overdue')).toEqual(['fleet.swept']);
    expect(source('orchestrations/sweep-fleet.ts')).toContain(`log.info('fleet.swept'`);
    expect(lookedFor('events-quarantined')).toEqual(['clusterEvent.quarantined']);
    expect(source('functions/cluster-events.ts')).toContain('.warn(`clusterEvent.${reading.kind}`');
    expect(source('domain/cluster-event.ts')).toContain(`kind: 'quarantined'`);
  });

  it('see the whole time that they judge, and a sweep that is missing is one that is not found', () => {
    const overdue = rules.get('sweep-overdue');

    expect(queryOf('sweep-overdue')).toContain('ago(26h)');
    expect(overdue?.windowSize).toBe('P2D');
    expect(overdue?.criteria.allOf[0]?.operator).toBe('LessThan');
  });
});
