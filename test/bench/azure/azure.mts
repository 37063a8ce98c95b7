import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, HttpClient } from '../http.mts';
import { Program } from '../program.mts';
import { timed } from '../scenario.mts';

/** The fleet that the goals are about. */
const scenario = {
  seed: 25,
  now: '2026-11-24T08:00:00Z',
  fleet: { clusters: 10_000, subscriptions: 50 },
};

const query = `resources
| where type =~ 'microsoft.containerservice/managedclusters'
| extend p = properties
| project id, name, location, identity, provisioningState = tostring(p.provisioningState),
    kubernetesVersion = tostring(p.currentKubernetesVersion), agentPoolProfiles = p.agentPoolProfiles,
    identityProfile = p.identityProfile, podIdentityProfile = p.podIdentityProfile
| order by id asc`;

export interface GraphPage {
  readonly ms: number;
  readonly rows: readonly { readonly id: string }[];
  readonly token: string | undefined;
  /** The answer as JSON text again. */
  readonly text: string;
}

/** A simulated Azure with 10,000 clusters in a process of its own. */
export class Azure {
  readonly program: Program;
  readonly readySeconds: number;
  private readonly http: HttpClient;

  private constructor(program: Program, url: string, readySeconds: number) {
    this.program = program;
    this.readySeconds = readySeconds;
    this.http = new HttpClient(url, 8);
  }

  /** Resolves when it answers; with `kept` it keeps its world in the folder. */
  static async start(folder: string, { kept = false } = {}): Promise<Azure> {
    const file = join(folder, 'scenario.json');
    writeFileSync(file, JSON.stringify(scenario));
    const data = kept ? ['--data', join(folder, 'data')] : [];
    const args = ['--scenario', file, '--port', '0', '--control', ...data];
    const program = new Program('simulator', args);
    let url = '';
    const ms = await timed(async () => {
      url = await program.says(/Simulated Azure at (\S+)/);
    });
    return new Azure(program, url, ms / 1000);
  }

  async get(path: string): Promise<Answer> {
    return this.answered(await this.http.call(path, { headers }));
  }

  /** One page of 1,000 clusters, the first one or that of a token. */
  async page(token?: string): Promise<GraphPage> {
    const path = '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01';
    const options = { $top: 1000, ...(token !== undefined && { $skipToken: token }) };
    let answer: Answer | undefined;
    const ms = await timed(async () => {
      const body = { query, options };
      answer = this.answered(await this.http.call(path, { method: 'POST', headers, body }));
    });
    const body = answer?.body as { data: { id: string }[]; $skipToken?: string };
    return { ms, rows: body.data, token: body.$skipToken, text: JSON.stringify(body) };
  }

  async stop(): Promise<void> {
    this.http.close();
    await this.program.stop('SIGTERM');
  }

  private answered(answer: Answer): Answer {
    if (answer.status === 200) return answer;
    throw new Error(
      `The simulated Azure answered ${answer.status}: ${JSON.stringify(answer.body)}`,
    );
  }
}

const headers = { authorization: 'Bearer bench' };
