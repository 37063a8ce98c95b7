/** A run as the API shows it. */
export interface RunView {
  readonly id: string;
  readonly state: string;
  readonly cluster: { readonly id: string; readonly armId: string; readonly name: string };
  readonly progress: {
    readonly step: string;
    readonly done: number;
    readonly total: number;
  } | null;
  readonly wait: { readonly reason: string; readonly text: string } | null;
  readonly plan: { readonly id: string } | null;
  readonly applied: number;
  readonly failure: {
    readonly code: string;
    readonly message: string;
    readonly next: string | null;
  } | null;
}

export interface ClusterView {
  readonly id: string;
  readonly armId: string;
  readonly name: string;
  readonly status: string;
  readonly findings: readonly unknown[];
  readonly evaluatedAt: string;
  readonly cause: string;
}

/** A migration as the API shows it. */
export interface MigrationView {
  readonly id: string;
  readonly state: string;
  readonly plan: { readonly hash: string } | null;
  readonly failure: { readonly message: string } | null;
  readonly progress: { readonly step: string } | null;
  readonly clusters: readonly {
    readonly failure: { readonly message: string } | null;
    readonly workloads: readonly {
      readonly kind: string;
      readonly namespace: string;
      readonly name: string;
      readonly state: string;
      readonly reason: string;
    }[];
  }[];
}

export interface PlannedWorkload {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly status: string;
  readonly delivery: string;
  readonly auth: string;
  readonly codes: readonly string[];
}

export interface MigrationPlanView {
  readonly clusters: readonly {
    readonly name: string;
    readonly codes: readonly string[];
    readonly steps: readonly string[];
    /** Codes that a person is to agree to. */
    readonly approvals: readonly string[];
    readonly workloads: readonly PlannedWorkload[];
  }[];
}

/** Steward's own API, as any client uses it. */
export class Api {
  readonly #url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  /** Asks for clusters to be brought in order. The same key asks only once, however often it is sent. */
  async onboard(clusters: readonly string[], idempotencyKey: string): Promise<void> {
    await this.#request('POST', '/api/v1/clusters', {
      headers: { 'idempotency-key': idempotencyKey, 'content-type': 'application/json' },
      body: JSON.stringify({ clusters, mode: 'apply' }),
    });
  }

  runs(): Promise<RunView[]> {
    return this.#all('/api/v1/runs');
  }

  clusters(): Promise<ClusterView[]> {
    return this.#all('/api/v1/clusters');
  }

  /** Kinds of the steps of a plan, in order. */
  async planSteps(planId: string): Promise<readonly string[]> {
    const plan = (await this.#request('GET', `/api/v1/plans/${planId}`)) as {
      steps: readonly { kind: string }[];
    };
    return plan.steps.map(({ kind }) => kind);
  }

  migrations(): Promise<MigrationView[]> {
    return this.#all('/api/v1/migrations');
  }

  /** @returns the id of the migration. */
  async planMigration(request: object): Promise<string> {
    const { id } = (await this.#request('POST', '/api/v1/migrations', json(request))) as {
      id: string;
    };
    return id;
  }

  async migration(id: string): Promise<MigrationView> {
    return (await this.#request('GET', `/api/v1/migrations/${id}`)) as MigrationView;
  }

  async migrationPlan(id: string): Promise<MigrationPlanView> {
    return (await this.#request('GET', `/api/v1/migrations/${id}/plan`)) as MigrationPlanView;
  }

  async applyMigration(id: string, request: object): Promise<void> {
    await this.#request('POST', `/api/v1/migrations/${id}/apply`, json(request));
  }

  async #all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = (await this.#request('GET', `${path}?limit=200${query}`)) as {
        items: T[];
        nextCursor: string | null;
      };
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  }

  async #request(method: string, path: string, init: RequestInit = {}): Promise<unknown> {
    const headers = { ...(init.headers as Record<string, string>), 'x-functions-key': this.#key };
    const response = await fetch(this.#url + path, { ...init, method, headers });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  }
}

function json(body: object): RequestInit {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
