import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { reaching, reachingStorage } from '../../clients/reach';
import { checkReachability } from '../../doctor/reachability';
import { parseSettings } from '../../settings/parse-settings';

type Answering = (request: IncomingMessage, response: ServerResponse) => void;

const credential = {
  getToken: () => Promise.resolve({ token: 'host-token', expiresOnTimestamp: 0 }),
};

/** Checks an installation all of whose addresses are one server. */
async function check(answer: Answering, more: Readonly<Record<string, string>> = {}) {
  const heard: { readonly method: string; readonly url: string; readonly authorization: string }[] =
    [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    heard.push({ method, url, authorization: headers.authorization ?? '' });
    answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const environment = {
    STEWARD_SUBSCRIPTIONS: '4e1f6a52-0c8d-4b5e-8f37-9a2d6c11b001',
    STEWARD_RECORDS: `tables:${origin}`,
    STEWARD_ARM_ENDPOINT: origin,
    STEWARD_GRAPH_ENDPOINT: origin,
    STEWARD_AUTHORITY: origin,
    ...more,
    ...('StewardEvents__queueServiceUri' in more && {
      StewardEvents__queueServiceUri: `${origin}/`,
    }),
  };
  const ways = { reach: reaching(), reachStorage: reachingStorage(credential) };
  const checks = await checkReachability(parseSettings(environment), environment, ways);
  server.close();
  return { origin, heard, checks, wrong: checks.filter(({ state }) => state !== 'ok') };
}

const says =
  (status: number, date?: Date): Answering =>
  (_request, response) => {
    if (date) response.setHeader('date', date.toUTCString());
    response.writeHead(status).end();
  };
const queue = { STEWARD_EVENT_DELIVERY: 'queue', StewardEvents__queueServiceUri: 'x' };

describe('checkReachability', () => {
  it('asks each address once, by GET, and shows a token to storage alone', async () => {
    const { heard, wrong } = await check(says(200), queue);

    expect(wrong).toEqual([]);
    expect(heard.sort((a, b) => a.url.localeCompare(b.url))).toEqual([
      { method: 'GET', url: '/common/discovery/instance?api-version=1.1', authorization: '' },
      {
        method: 'GET',
        url: '/steward-events?comp=metadata',
        authorization: 'Bearer host-token',
      },
      { method: 'GET', url: '/subscriptions?api-version=2022-12-01', authorization: '' },
      { method: 'GET', url: '/Tables?$top=1', authorization: 'Bearer host-token' },
      { method: 'GET', url: '/v1.0/servicePrincipals', authorization: '' },
    ]);
  });

  it('takes a refusal of Azure for an answer: nobody was introduced', async () => {
    const { wrong } = await check((request, response) => {
      says(request.headers.authorization === undefined ? 401 : 200)(request, response);
    });

    expect(wrong).toEqual([]);
  });

  it.each([
    [403, 'Assign the role Storage Queue Data Contributor to the host identity there.'],
    [404, 'Create it: the deployment of infra/ does.'],
  ])('says what to do when the queue answers %i', async (status, next) => {
    const { origin, wrong } = await check((request, response) => {
      says(request.url?.startsWith('/steward-events') === true ? status : 200)(request, response);
    }, queue);

    expect(wrong).toEqual([
      {
        area: 'reachability',
        state: 'problem',
        text: `The queue steward-events at ${origin} answers ${status}. ${next}`,
      },
    ]);
  });

  it('says which role the tables need', async () => {
    const { wrong } = await check((request, response) => {
      says(request.url?.startsWith('/Tables') === true ? 403 : 200)(request, response);
    });

    expect(wrong).toMatchObject([
      {
        text: expect.stringContaining(
          'answers 403. Assign the role Storage Table Data Contributor to the host identity there.',
        ) as string,
      },
    ]);
  });

  it('does not hide that an Azure is out of order', async () => {
    const { wrong } = await check((request, response) => {
      says(request.url?.startsWith('/v1.0') === true ? 503 : 200)(request, response);
    });

    expect(wrong).toMatchObject([
      { state: 'note', text: expect.stringContaining('answers 503') as string },
    ]);
  });

  it.each([
    ['behind', 600],
    ['ahead of', -600],
  ])('says when the clock here is %s that of Azure', async (way, seconds) => {
    const { wrong } = await check(says(200, new Date(Date.now() + seconds * 1000)));

    expect(wrong).toHaveLength(3);
    for (const one of wrong) {
      expect(one).toMatchObject({ area: 'clock', state: 'problem' });
      expect(one.text).toMatch(
        new RegExp(`^The clock here is (599|600|601) seconds ${way} that of `),
      );
    }
  });

  it('forgives a minute', async () => {
    expect((await check(says(200, new Date(Date.now() + 60_000)))).wrong).toEqual([]);
  });

  it('takes a connection that is cut for no answer', async () => {
    const { wrong } = await check((request, response) => {
      if (request.url?.startsWith('/Tables') === true) request.socket.destroy();
      else says(200)(request, response);
    });

    expect(wrong).toMatchObject([
      {
        state: 'problem',
        text: expect.stringMatching(/^The table service does not answer/) as string,
      },
    ]);
  });

  it('makes no file for records', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'steward-doctor-'));
    const file = join(folder, 'records', 'steward.db');

    const { wrong, checks } = await check(says(200), { STEWARD_RECORDS: `sqlite:${file}` });

    expect(wrong).toEqual([]);
    expect(checks.map(({ text }) => text)).toContain(`Records can be kept in ${file}.`);
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it('says when a file of records has no place', async () => {
    const { wrong } = await check(says(200), {
      STEWARD_RECORDS: `sqlite:${__filename}/steward.db`,
    });

    expect(wrong).toEqual([
      {
        area: 'reachability',
        state: 'problem',
        text: `Nothing can be written to ${__filename}. Set STEWARD_RECORDS to another place.`,
      },
    ]);
  });
});
