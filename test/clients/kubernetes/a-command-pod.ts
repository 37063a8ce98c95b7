import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { connectKubernetes } from '../../../clients/kubernetes/connect';
import type { KubeApi } from '../../../clients/kubernetes/kube-api';
import type { ArmRequest, RawArm } from '../../../clients/raw-arm';
import { clusterId } from '../../support/clusters';
import { tokens } from './an-api-server';

/** What kubectl was called with. */
export interface Called {
  readonly args: readonly string[];
  readonly stdin: string;
}

export interface Printed {
  readonly out?: string;
  readonly err?: string;
  readonly code?: number;
}

export interface PodOptions {
  readonly kubectl: (called: Called) => Printed;
  /** Of the cluster, beside being private. */
  readonly properties?: object;
  /** Characters that ARM shows of an output. */
  readonly cutAt?: number;
  /** What ARM says of a command instead of running it. */
  readonly instead?: object;
  /** How often ARM says that the command still runs. */
  readonly looks?: number;
}

/** A private cluster whose commands really run, in a shell of this machine with a kubectl of the test. */
export interface CommandPod extends AsyncDisposable {
  readonly api: () => Promise<KubeApi>;
  readonly called: readonly Called[];
  /** Bodies of the commands that ARM was sent. */
  readonly commands: readonly { readonly command: string; readonly clusterToken: string }[];
  /** The most commands that ran at one time. */
  readonly most: () => number;
  readonly paused: readonly number[];
}

const stub = `import { writeFileSync } from 'node:fs';
const args = process.argv.slice(2);
const read = async () => { let text = ''; for await (const part of process.stdin) text += part; return text; };
const stdin = args.includes('-') ? await read() : '';
const answer = await fetch(process.env.STUB_URL, { method: 'POST', body: JSON.stringify({ args, stdin }) });
const { out = '', err = '', code = 0 } = await answer.json();
process.exitCode = code;
if (out !== '') writeFileSync(1, out);
if (err !== '') writeFileSync(2, err);
`;

// Node makes a pipe that it may write errors to one that does not wait, and others in the shell write to it as well.
const wrapper = (bin: string) => `#!/bin/sh
"${process.execPath}" "${bin}/kubectl.mjs" "$@" 2> "${bin}/errors"
code=$?
cat "${bin}/errors" >&2
exit $code
`;

export async function aCommandPod(options: PodOptions): Promise<CommandPod> {
  const called: Called[] = [];
  const bin = mkdtempSync(join(tmpdir(), 'kubectl-'));
  writeFileSync(join(bin, 'kubectl.mjs'), stub);
  writeFileSync(join(bin, 'kubectl'), wrapper(bin));
  chmodSync(join(bin, 'kubectl'), 0o755);
  const server = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      const one = JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as Called;
      called.push(one);
      response.end(JSON.stringify(options.kubectl(one)));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const shell = (command: string) => inShell(command, { bin, url: `http://127.0.0.1:${port}` });
  const { arm, ...seen } = armWith(shell, options);
  const paused: number[] = [];
  const connect = connectKubernetes({
    credential: tokens('entra-token'),
    arm: () => Promise.resolve(arm),
    privateClusters: 'runCommand',
    pause: (milliseconds) => {
      paused.push(milliseconds);
      return Promise.resolve();
    },
  });
  return {
    api: () => connect(clusterId),
    called,
    paused,
    ...seen,
    [Symbol.asyncDispose]: async () => {
      rmSync(bin, { recursive: true });
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

/** What comes of asking such a cluster, and what happened there. */
export async function over<T>(
  options: PodOptions | PodOptions['kubectl'],
  ask: (api: KubeApi) => Promise<T>,
) {
  await using pod = await aCommandPod(
    typeof options === 'function' ? { kubectl: options } : options,
  );
  const outcome = await pod
    .api()
    .then(ask)
    .then(
      (value) => ({ value, error: undefined }),
      (error: unknown) => ({ value: undefined, error }),
    );
  return {
    ...outcome,
    called: [...pod.called],
    commands: [...pod.commands],
    most: pod.most(),
    paused: [...pod.paused],
  };
}

type Shell = (command: string) => Promise<{ readonly logs: string; readonly exitCode: number }>;

function armWith(shell: Shell, { properties, cutAt = 512 * 1024, instead, looks = 1 }: PodOptions) {
  const commands: { command: string; clusterToken: string }[] = [];
  let [running, most, left] = [0, 0, 0];
  const answer = (status: number, body: unknown, location?: string) => ({
    status,
    body,
    header: () => location,
  });
  const results: Promise<object>[] = [];
  const run = async (command: string): Promise<object> => {
    running += 1;
    most = Math.max(most, running);
    const { logs, exitCode } = await shell(command);
    running -= 1;
    return { provisioningState: 'Succeeded', exitCode, logs: logs.slice(0, cutAt), reason: '' };
  };
  const arm: RawArm = async ({ method, path, body }: ArmRequest) => {
    if (method === 'GET' && !path.includes('commandResults')) {
      return answer(200, {
        properties: {
          aadProfile: {},
          apiServerAccessProfile: { enablePrivateCluster: true },
          ...properties,
        },
      });
    }
    if (path.includes('listCluster')) return answer(200, { kubeconfigs: [] });
    if (method === 'POST') {
      const sent = body as (typeof commands)[number];
      commands.push(sent);
      left = looks;
      results.push(instead ? Promise.resolve(instead) : run(sent.command));
      return answer(
        202,
        undefined,
        `https://management.azure.com${clusterId}/commandResults/${results.length - 1}`,
      );
    }
    if (left > 0) {
      left -= 1;
      return answer(202, undefined);
    }
    return answer(200, { properties: await results[Number(path.split('/').at(-1))] });
  };
  return { arm, commands, most: () => most };
}

function inShell(
  command: string,
  { bin, url }: { readonly bin: string; readonly url: string },
): ReturnType<Shell> {
  const path = [bin, process.env['PATH'] ?? ''].join(delimiter);
  const env = { ...process.env, PATH: path, STUB_URL: url };
  return new Promise((resolve) => {
    // Both outputs in one, as the log of a pod has them.
    execFile(
      'sh',
      ['-c', `{ ${command}\n} 2>&1`],
      { env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout) => {
        resolve({ logs: stdout, exitCode: typeof error?.code === 'number' ? error.code : 0 });
      },
    );
  });
}
