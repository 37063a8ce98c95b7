import fc from 'fast-check';

import { readNmiMetrics, requestsBetween } from '../../../domain/migration/nmi-silence';

/** As NMI 1.8 serves them, histogram and all. */
const metrics = `
# HELP aadpodidentity_nmi_operations_duration_seconds Latency in seconds of nmi operations
# TYPE aadpodidentity_nmi_operations_duration_seconds histogram
aadpodidentity_nmi_operations_duration_seconds_bucket{namespace="shop",operation_type="/metadata/identity/oauth2/token",resource="https://vault.azure.net",status_code="200",le="0.5"} 7
aadpodidentity_nmi_operations_duration_seconds_sum{namespace="shop",operation_type="/metadata/identity/oauth2/token",resource="https://vault.azure.net",status_code="200"} 3.25
aadpodidentity_nmi_operations_duration_seconds_count{namespace="shop",operation_type="/metadata/identity/oauth2/token",resource="https://vault.azure.net",status_code="200"} 7
aadpodidentity_nmi_operations_duration_seconds_count{namespace="shop",operation_type="/metadata/identity/oauth2/token/",resource="https://management.azure.com/",status_code="404"} 2 1763762400000
aadpodidentity_nmi_operations_duration_seconds_count{namespace="pay",operation_type="/host/token/",resource="a \\"quoted\\" {brace}, comma",status_code="200"} 1e+01
aadpodidentity_nmi_operations_duration_seconds_count{namespace="pay",operation_type="/metadata/instance",resource="",status_code="200"} 999
aadpodidentity_nmi_operations_duration_seconds_count{namespace="",operation_type="/metadata/identity/oauth2/token",resource="",status_code="403"} 1
process_start_time_seconds 1.76376e+09
`;

describe('the metric of NMI', () => {
  it('counts tokens that were given, by namespace', () => {
    expect(readNmiMetrics(metrics)).toEqual({
      processStart: 1_763_760_000,
      requests: { shop: 7, pay: 10 },
    });
  });

  it.each([
    '',
    'garbage',
    'aadpodidentity_nmi_operations_duration_seconds_count{',
    `aadpodidentity_nmi_operations_duration_seconds_count{operation_type="/metadata/identity/oauth2/token"} NaN`,
  ])('counts nothing in %j', (text) => {
    expect(readNmiMetrics(text)).toEqual({ requests: {} });
  });

  it('reads every label value that the format can carry', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (resource, count) => {
        const escaped = resource.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"');
        const line = `aadpodidentity_nmi_operations_duration_seconds_count{resource="${escaped}",namespace="shop",operation_type="/host/token/"} ${count}`;
        expect(readNmiMetrics(line).requests).toEqual({ shop: count });
      }),
    );
  });
});

describe('what NMI was asked between two readings', () => {
  const counts = (shop: number, processStart = 1) => ({ processStart, requests: { shop } });

  it.each([
    ['is nothing when no counter moved', { a: counts(5) }, { a: counts(5) }, 0, []],
    ['is what a counter has more', { a: counts(5) }, { a: counts(6) }, 1, []],
    ['is not known over a restart', { a: counts(5) }, { a: counts(0, 2) }, 0, ['a']],
    [
      'is not known when a counter fell',
      { a: { requests: { shop: 5 } } },
      { a: { requests: { shop: 0 } } },
      0,
      ['a'],
    ],
    [
      'is at least what a counter has that began anew',
      { a: counts(5) },
      { a: counts(9, 2) },
      9,
      ['a'],
    ],
    ['is not known when a pod went', { a: counts(5), b: counts(5) }, { a: counts(5) }, 0, ['b']],
    [
      'is nothing of a new pod that has counted nothing',
      { a: counts(5) },
      { a: counts(5), b: { requests: {} } },
      0,
      [],
    ],
    ['is all that a new pod has counted', { a: counts(5) }, { a: counts(5), b: counts(1) }, 1, []],
    [
      'is told apart by namespace',
      { a: counts(5) },
      { a: { processStart: 1, requests: { shop: 5, other: 8 } } },
      0,
      [],
    ],
  ])('%s', (...[, before, now, asked, gaps]) => {
    const between = requestsBetween(before, now);

    expect([between.asked['shop'] ?? 0, between.gaps]).toEqual([asked, gaps]);
  });

  it('is never nothing without a gap when a counter grew or a pod went', () => {
    const reading = fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.record({
        processStart: fc.nat(2),
        requests: fc.dictionary(fc.constantFrom('shop', 'pay', ''), fc.nat(3)),
      }),
    );
    fc.assert(
      fc.property(reading, reading, (before, now) => {
        const between = requestsBetween(before, now);
        const grew = Object.entries(now).some(
          ([pod, { requests }]) => (requests['shop'] ?? 0) > (before[pod]?.requests['shop'] ?? 0),
        );
        const lost = Object.keys(before).some((pod) => now[pod] === undefined);
        if (grew || lost)
          expect(between.gaps.length + (between.asked['shop'] ?? 0)).toBeGreaterThan(0);
      }),
    );
  });
});
