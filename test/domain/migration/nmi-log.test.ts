import { loggedRequests, matchedIdentities } from '../../../domain/migration/nmi-log';

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

  it('names the identities that were found for those who asked', () => {
    const at = (time: string, text: string) =>
      `I1121 ${time}.810806       1 managed.go:55] ${text}`;
    const log = [
      at(
        '21:59:31',
        'no clientID or resourceID in request. old/pod has been matched with azure identity old/id',
      ),
      at(
        '22:10:31',
        'clientID in request: e06c##### REDACTED #####865e, pay/ledger has been matched with azure identity pay/kv-id',
      ),
      at(
        '22:10:32',
        'no clientID or resourceID in request. shop/api has been matched with azure identity shop/id',
      ),
      line('1121 22:10:32.348117'),
    ].join('\n');

    expect([...matchedIdentities(log, between)]).toEqual(['pay/kv-id', 'shop/id']);
  });
});
