import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../../support/build-host';

const hazards = join(root, 'host/durable/hazards');

/** Names and severities as the code has them: `TimestampKey: failure, warning`. */
function inCode(): string[] {
  const severities = new Map<string, Set<string>>();
  for (const file of readdirSync(hazards)) {
    const text = readFileSync(join(hazards, file), 'utf8');
    for (const [, severity = '', name = ''] of text.matchAll(/\b(failure|warning)\(\s*'(\w+)'/g)) {
      severities.set(name, (severities.get(name) ?? new Set()).add(severity));
    }
  }
  return [...severities].map(([name, found]) => `${name}: ${[...found].toSorted().join(', ')}`);
}

function inDocument(): string[] {
  const text = readFileSync(join(root, 'docs/hazards.md'), 'utf8');
  return [...text.matchAll(/^\| `(\w+)` \| ([a-z, ]+) \|/gm)].map(
    ([, name = '', severity = '']) => `${name}: ${severity}`,
  );
}

test('every hazard is documented with its severity, and no other', () => {
  expect(inDocument().toSorted()).toEqual(inCode().toSorted());
});
