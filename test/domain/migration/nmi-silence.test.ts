import fc from 'fast-check';

import {
  loggedRequests,
  readNmiMetrics,
  requestsBetween,
  silenceOf,
} from '../../../domain/migration/nmi-silence';

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
  it('counts requests for tokens, refused ones too, by namespace', () => {
    expect(readNmiMetrics(metrics)).toEqual({
      processStart: 1_763_760_000,
      requests: { shop: 9, pay: 10, '': 1 },
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

describe('silence between two readings', () => {
  const counts = (shop: number, processStart = 1) => ({ processStart, requests: { shop } });

  it.each([
    ['is what no counter contradicts', { a: counts(5) }, { a: counts(5) }, 'silent', []],
    ['ends with one request', { a: counts(5) }, { a: counts(6) }, 'asked', []],
    ['is not known over a restart', { a: counts(5) }, { a: counts(0, 2) }, 'unknown', ['a']],
    [
      'is not known when a counter fell',
      { a: { requests: { shop: 5 } } },
      { a: { requests: { shop: 0 } } },
      'unknown',
      ['a'],
    ],
    [
      'is not known when a counter began anew and went beyond',
      { a: counts(5) },
      { a: counts(9, 2) },
      'asked',
      ['a'],
    ],
    [
      'is not known when a pod went',
      { a: counts(5), b: counts(5) },
      { a: counts(5) },
      'unknown',
      ['b'],
    ],
    [
      'holds over pods that are new and were not asked',
      { a: counts(5) },
      { a: counts(5), b: { requests: {} } },
      'silent',
      [],
    ],
    [
      'ends with a request to a new pod',
      { a: counts(5) },
      { a: counts(5), b: counts(1) },
      'asked',
      [],
    ],
    [
      'is not known when NMI did not know who asked',
      { a: { requests: {} } },
      { a: { requests: { '': 1 } } },
      'unknown',
      [],
    ],
    [
      'is not ended by somebody else',
      { a: counts(5) },
      { a: { processStart: 1, requests: { shop: 5, other: 8 } } },
      'silent',
      [],
    ],
  ])('%s', (...[, before, now, silence, gaps]) => {
    const between = requestsBetween(before, now);

    expect([silenceOf('shop', between), between.gaps]).toEqual([silence, gaps]);
  });

  it('is never said of a namespace that asked, whatever restarts', () => {
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
        if (grew || lost) expect(silenceOf('shop', between)).not.toBe('silent');
      }),
    );
  });
});

describe('the log of NMI', () => {
  const line = (header: string, path = '/metadata/identity/oauth2/token') =>
    `I${header}       1 server.go:246] status (200) took 537597287 ns for req.method=GET reg.path=${path} req.remote=10.244.2.21`;
  const between = { since: '2026-11-21T22:00:00Z', until: '2026-11-22T22:00:00Z' };

  it('tells when which pod asked', () => {
    const log = [
      line('1121 21:59:59.999999'),
      'I1121 22:10:31.810806       1 managed.go:55] clientID in request: e06c##### REDACTED #####865e, pay/ledger has been matched with azure identity pay/kv-id',
      line('1121 22:10:32.348117'),
      line('1121 22:10:33.000000', '/metadata/instance'),
      line('1121 22:10:34.000000', '/host/token/'),
      'nonsense',
    ].join('\n');

    expect(loggedRequests(log, between)).toEqual([
      { at: '2026-11-21T22:10:32.348Z', podIp: '10.244.2.21', status: 200 },
      { at: '2026-11-21T22:10:34.000Z', podIp: '10.244.2.21', status: 200 },
    ]);
  });

  it.each([
    [
      'over new year',
      '1231 23:59:00.000000',
      '2026-12-31T00:00:00Z',
      '2027-01-01T01:00:00Z',
      '2026-12-31T23:59:00.000Z',
    ],
    [
      'ahead by the clock of a node',
      '0101 00:01:00.000000',
      '2026-12-31T00:00:00Z',
      '2026-12-31T23:59:00Z',
      '2027-01-01T00:01:00.000Z',
    ],
    [
      'on a leap day',
      '0229 12:00:00.000000',
      '2028-02-28T00:00:00Z',
      '2028-03-01T00:00:00Z',
      '2028-02-29T12:00:00.000Z',
    ],
  ])('finds the year of a line %s', (...[, header, since, until, at]) => {
    expect(loggedRequests(line(header), { since, until }).map((one) => one.at)).toEqual([at]);
  });

  it('takes a day that no year has for no time', () => {
    expect(
      loggedRequests(line('0231 12:00:00.000000'), {
        since: '2000-01-01T00:00:00Z',
        until: '2028-03-01T00:00:00Z',
      }),
    ).toEqual([]);
  });
});
