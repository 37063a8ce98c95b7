import { connect } from 'node:net';

const deadlineMs = 5000;

/** Opens a connection and closes it again; nothing is said. @throws Error when there is none. */
export function connects(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: deadlineMs });
    socket
      .once('connect', () => {
        socket.destroy();
        resolve();
      })
      .once('timeout', () => socket.destroy(new Error(`no answer within ${deadlineMs / 1000} s`)))
      .once('error', reject);
  });
}
