import { once } from 'node:events';
import { connect } from 'node:net';

import { codeOf } from './support/world';
import { sendMalformed } from './support/malformed';
import { drive } from './support/running';
import type { Driven } from './support/running';

describe('malformed requests', () => {
  let azure: Driven;
  beforeAll(async () => {
    azure = await drive();
  });
  afterAll(() => azure[Symbol.asyncDispose]());

  it('are answered in the form of an ARM error', async () => {
    await expect(sendMalformed(azure, 300)).resolves.toBeUndefined();
  });

  it('may be no HTTP at all', async () => {
    const answer = await bytes(azure, 'nonsense\r\n\r\n');

    expect(answer).toContain('400 Bad Request');
    expect(answer).toContain('{"error":{"code":"BadRequest"');
  });

  it('may have a header that is too long', async () => {
    const answer = await bytes(
      azure,
      `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`,
    );

    expect(answer).toContain('431 ');
    expect(answer).toContain('"code":"RequestHeaderFieldsTooLarge"');
  });

  it('may be larger than ARM reads', async () => {
    const { status, body } = await azure.arm('PUT', '/subscriptions/x?api-version=2025-04-01', {
      body: ' '.repeat(5 * 1024 * 1024),
    });

    expect([status, codeOf(body)]).toEqual([413, 'RequestContentTooLarge']);
  });

  it('may name the whole address, as proxies do', async () => {
    const answer = await bytes(
      azure,
      'GET https://management.azure.com/tenants?api-version=2022-12-01 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer test\r\nconnection: close\r\n\r\n',
    );

    expect(answer).toContain('200 OK');
  });
});

/** Writes bytes to the simulator and reads until it ends the connection. */
async function bytes({ simulator }: Driven, sent: string): Promise<string> {
  const socket = connect(Number(new URL(simulator.url).port), '127.0.0.1');
  let heard = '';
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.toString();
  });
  socket.on('error', () => socket.destroy());
  socket.write(sent);
  await once(socket, 'close');
  return heard;
}
