import { operatorPrincipal } from './local-runtime';

/** The simulated Azure, as the person at the terminal uses it: plain ARM requests over HTTP. */
export class Azure {
  readonly #url: string;
  #token: string | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** @returns the parsed body; an error of ARM is an exception. */
  async request(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        authorization: `Bearer ${await this.#bearer()}`,
        'content-type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  }

  /** What is there, or nothing. */
  async find(path: string): Promise<unknown> {
    const headers = { authorization: `Bearer ${await this.#bearer()}` };
    const response = await fetch(this.#url + path, { headers });
    return response.ok ? response.json() : undefined;
  }

  /** Whether the person at the terminal has started the roll of a node pool, in this start or an earlier one. */
  async hasRolled(): Promise<boolean> {
    const calls = await this.calls();
    return calls.some(
      ({ principal, operation, status }) =>
        principal === operatorPrincipal &&
        operation.toLowerCase().endsWith('/upgradenodeimageversion/action') &&
        status < 300,
    );
  }

  /** ARM ids of all clusters, in the order of the ids. */
  async clusters(subscriptions: readonly string[]): Promise<readonly ArmCluster[]> {
    const found: ArmCluster[] = [];
    for (const subscription of subscriptions) {
      let path: string | undefined =
        `/subscriptions/${subscription}/providers/Microsoft.ContainerService/managedClusters?api-version=2026-06-01`;
      while (path !== undefined) {
        const page = (await this.request('GET', path)) as {
          value: ArmCluster[];
          nextLink?: string;
        };
        found.push(...page.value);
        const next = page.nextLink === undefined ? undefined : new URL(page.nextLink);
        path = next && next.pathname + next.search;
      }
    }
    return found.sort((a, b) => (a.id.toLowerCase() < b.id.toLowerCase() ? -1 : 1));
  }

  /** How often what was asked of it, by whom. */
  async calls(): Promise<readonly CallCount[]> {
    const response = await fetch(`${this.#url}/_simulator/calls?summary=true`);
    return ((await response.json()) as { calls: CallCount[] }).calls;
  }

  /** How often pods asked for a token, and how often one that had got tokens before got none. */
  async probes(): Promise<{ readonly asked: number; readonly failed: number }> {
    const response = await fetch(`${this.#url}/_simulator/probes`);
    const { workloads } = (await response.json()) as {
      workloads: { asked: number; failed: number }[];
    };
    // What has never got a token has lost none.
    const working = workloads.filter(({ asked, failed }) => failed < asked);
    const sum = (member: 'asked' | 'failed') =>
      working.reduce((total, one) => total + one[member], 0);
    return { asked: sum('asked'), failed: sum('failed') };
  }

  /** Lets the clock of the simulated Azure run at another speed: simulated seconds in one real second. */
  async runAt(speed: number): Promise<void> {
    await fetch(`${this.#url}/_simulator/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ mode: 'accelerated', speed }),
    });
  }

  async #bearer(): Promise<string> {
    if (this.#token === undefined) {
      const query = 'resource=https%3A%2F%2Fmanagement.azure.com&api-version=2019-08-01';
      const response = await fetch(`${this.#url}/_identity/token?${query}`, {
        headers: { 'x-identity-header': operatorPrincipal },
      });
      this.#token = ((await response.json()) as { access_token: string }).access_token;
    }
    return this.#token;
  }
}

export interface ArmCluster {
  readonly id: string;
  readonly name: string;
  readonly properties: { readonly agentPoolProfiles?: readonly { readonly name: string }[] };
}

export interface CallCount {
  readonly principal: string;
  readonly provider: string;
  readonly operation: string;
  readonly method: string;
  readonly status: number;
  readonly count: number;
}
