import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Storage {
  readonly connectionString: string;
  /** Of the table service. */
  readonly tables: string;
  stop(): Promise<void>;
}

const account = 'devstoreaccount1';
const services = ['Blob', 'Queue', 'Table'] as const;

/**
 * Starts a storage emulator that keeps everything in memory, on free ports.
 *
 * @param key of its account; one of its own if absent
 * @throws with what it printed, if it ends before it serves
 */
export async function startAzurite(
  script: string,
  key = randomBytes(48).toString('base64'),
): Promise<Storage> {
  const ports = services.flatMap((service) => [`--${service.toLowerCase()}Port`, '0']);
  const options = ['--silent', '--inMemoryPersistence', '--disableTelemetry', ...ports];
  const child = spawn(process.execPath, [script, ...options], {
    env: { ...process.env, NODE_OPTIONS: '', AZURITE_ACCOUNTS: `${account}:${key}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const addresses = new Map<string, string>();
  const printed: string[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      printed.push(line);
      const [, service, address] = /(\w+) service .*listening (?:at|on) (\S+)$/.exec(line) ?? [];
      if (service !== undefined && address !== undefined) addresses.set(service, address);
      if (addresses.size === services.length) resolve();
    });
    void ended.then(() => {
      reject(new Error(`Azurite ended: ${printed.join(' ')}`));
    });
  });
  const endpoints = services.map(
    (service) => `${service}Endpoint=${addresses.get(service) ?? ''}/${account}`,
  );
  const start = `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key}`;
  return {
    connectionString: [start, ...endpoints, ''].join(';'),
    tables: `${addresses.get('Table') ?? ''}/${account}`,
    async stop() {
      child.kill('SIGKILL'); // nothing is worth keeping
      await ended;
    },
  };
}
