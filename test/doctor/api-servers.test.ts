import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { connects } from '../../clients/connects';
import { checkApiServers } from '../../doctor/api-servers';

const refusing = () => Promise.reject(new Error('connect ECONNREFUSED'));
const letting = () => Promise.resolve();

describe('checkApiServers', () => {
  it('tries each address once, the private one where there is one', async () => {
    const tried: string[] = [];
    const note = (host: string, port: number): Promise<void> => {
      tried.push(`${host}:${port}`);
      return Promise.resolve();
    };
    const clusters = [
      { id: '/a', properties: { fqdn: 'a.azmk8s.io' } },
      { id: '/b', properties: { fqdn: 'b.azmk8s.io', privateFQDN: 'b.private.azmk8s.io' } },
    ];

    const checks = await checkApiServers(clusters, { connects: note, skipPrivate: false });

    expect(tried).toEqual(['a.azmk8s.io:443', 'b.private.azmk8s.io:443']);
    expect(checks).toMatchObject([{ state: 'ok', text: '2 of 2 API servers can be reached.' }]);
  });

  it('says what to do about each that cannot be reached', async () => {
    const clusters = [
      { id: '/a', properties: { fqdn: 'a.azmk8s.io' } },
      { id: '/b', properties: { privateFQDN: 'b.private.azmk8s.io' } },
    ];

    const checks = await checkApiServers(clusters, { connects: refusing, skipPrivate: false });

    expect(checks.map(({ state, text }) => [state, text])).toEqual([
      [
        'problem',
        'The API server of /a cannot be reached at a.azmk8s.io: connect ECONNREFUSED. Let the app through: look at DNS and at the authorized IP ranges of the cluster.',
      ],
      [
        'problem',
        'The API server of /b cannot be reached at b.private.azmk8s.io: connect ECONNREFUSED. Give the app a way into its network, or set STEWARD_PRIVATE_CLUSTERS to runCommand.',
      ],
      ['ok', '0 of 2 API servers can be reached.'],
    ]);
  });

  it('leaves out stopped clusters, and private ones that are reached by commands', async () => {
    const clusters = [
      { id: '/a', properties: { fqdn: 'a', powerState: { code: 'Stopped' } } },
      { id: '/b', properties: { privateFQDN: 'b', powerState: { code: 'Running' } } },
      { id: '/c', properties: { fqdn: 'c' } },
    ];

    const checks = await checkApiServers(clusters, { connects: refusing, skipPrivate: true });

    expect(checks).toHaveLength(2);
    expect(checks[0]?.text).toContain('The API server of /c');
  });

  it('tries many, some at a time', async () => {
    let [now, most] = [0, 0];
    const counting = async (): Promise<void> => {
      now += 1;
      most = Math.max(most, now);
      await letting();
      now -= 1;
    };
    const clusters = Array.from({ length: 105 }, (_, i) => ({ id: `/${i}` }));

    const checks = await checkApiServers(clusters, { connects: counting, skipPrivate: false });

    expect(most).toBe(20);
    expect(checks).toMatchObject([{ text: '105 of 105 API servers can be reached.' }]);
  });
});

describe('connects', () => {
  it('is content with a connection, and says nothing', async () => {
    const heard: string[] = [];
    const server = createServer((socket) => {
      socket.on('data', (data) => heard.push(data.toString())).on('error', () => undefined);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;

    await connects('127.0.0.1', port);
    await new Promise((closed) => server.close(closed));

    expect(heard).toEqual([]);
    await expect(connects('127.0.0.1', port)).rejects.toThrow('ECONNREFUSED');
  });
});
