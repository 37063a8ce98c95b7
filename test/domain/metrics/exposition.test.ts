import fc from 'fast-check';

import { expose, formatFor } from '../../../domain/metrics/exposition';
import type { Family } from '../../../domain/metrics/exposition';
import { parseMetrics } from '../../support/metrics-text';

const runs: Family = {
  name: 'steward_runs',
  type: 'counter',
  help: 'Runs.',
  samples: [{ labels: { kind: 'apply' }, value: 3 }],
};
const nothing: Family = { name: 'steward_empty', type: 'gauge', help: 'Nothing.', samples: [] };

describe('the text of measurements', () => {
  it('in Prometheus form', () => {
    expect(expose([runs, nothing], 'prometheus')).toBe(
      '# HELP steward_runs_total Runs.\n# TYPE steward_runs_total counter\nsteward_runs_total{kind="apply"} 3\n',
    );
  });

  it('in OpenMetrics form, where a family is called without _total', () => {
    expect(expose([runs, nothing], 'openmetrics')).toBe(
      '# HELP steward_runs Runs.\n# TYPE steward_runs counter\nsteward_runs_total{kind="apply"} 3\n# EOF\n',
    );
  });

  it.each(['prometheus', 'openmetrics'] as const)(
    'is read back as it was, in %s, whatever the labels and words are',
    (format) => {
      const text = fc.string({
        unit: fc.constantFrom('a', '"', '\\', '\n', '{', '}', ',', '=', 'ü', ' '),
      });
      const samples = fc.uniqueArray(fc.record({ value: fc.nat(), a: text, b: text }), {
        minLength: 1,
        selector: ({ a, b }) => JSON.stringify([a, b]),
      });

      fc.assert(
        fc.property(samples, text, fc.constantFrom('gauge', 'counter'), (all, words, type) => {
          const help = `x${words}`;
          const family: Family = {
            name: 'steward_x',
            type,
            help,
            samples: all.map(({ value, a, b }) => ({ labels: { a, b }, value })),
          };

          const [parsed, ...others] = parseMetrics(expose([family], format), format);

          expect(others).toEqual([]);
          expect(parsed).toMatchObject({ type, help });
          expect(parsed?.samples.map(({ labels, value }) => ({ labels, value }))).toEqual(
            family.samples,
          );
        }),
      );
    },
  );
});

describe('the form that a scraper gets', () => {
  it.each([
    ['', 'prometheus'],
    ['*/*', 'prometheus'],
    ['text/plain', 'prometheus'],
    ['application/openmetrics-text', 'openmetrics'],
    [
      'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1',
      'openmetrics',
    ],
    ['text/plain;q=0.9, application/openmetrics-text;q=0.2', 'prometheus'],
    ['application/openmetrics-text;q=0', 'prometheus'],
  ])('for %s is %s', (accept, format) => {
    expect(formatFor(accept)).toBe(format);
  });
});
