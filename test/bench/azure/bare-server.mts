import { HttpClient } from '../http.mts';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const script = `
  const { createServer } = require('node:http');
  const text = process.argv[1];
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  const server = createServer((_, response) => response.writeHead(200, headers).end(text));
  server.listen(0, '127.0.0.1', () => process.stdout.write(String(server.address().port)));`;

/** Node's own HTTP server that answers one text to everything: what nobody can be faster than. */
export class BareServer {
  private readonly child: ChildProcess;
  private readonly http: HttpClient;

  private constructor(child: ChildProcess, port: string) {
    this.child = child;
    this.http = new HttpClient(`http://127.0.0.1:${port}`, 8);
  }

  static async start(text: string): Promise<BareServer> {
    const child = spawn(process.execPath, ['-e', script, text], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    return new BareServer(child, port.toString());
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get(): Promise<unknown> {
    return this.http.call('/');
  }

  async stop(): Promise<void> {
    this.http.close();
    const ended = once(this.child, 'close');
    this.child.kill();
    await ended;
  }
}
