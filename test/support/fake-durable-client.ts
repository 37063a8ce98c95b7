import { OrchestrationRuntimeStatus } from 'durable-functions';
import type { DurableClient, DurableOrchestrationStatus } from 'durable-functions';

export interface Start {
  readonly orchestration: string;
  readonly instanceId: string;
  readonly input: unknown;
}

type Known = Pick<DurableOrchestrationStatus, 'runtimeStatus'> &
  Partial<Pick<DurableOrchestrationStatus, 'customStatus' | 'createdTime'>>;

const { Pending, Running, Completed } = OrchestrationRuntimeStatus;

/** An engine that remembers what was started and runs nothing. */
export class FakeEngine {
  readonly started: Start[] = [];
  readonly #instances = new Map<string, Known>();

  /** Sets what becomes of an instance. */
  set(instanceId: string, known: Known): void {
    this.#instances.set(instanceId, { createdTime: new Date('2026-11-24T09:00:00Z'), ...known });
  }

  complete(instanceId: string): void {
    this.set(instanceId, { runtimeStatus: Completed });
  }

  get client(): DurableClient {
    const client: Partial<DurableClient> = {
      getStatus: (instanceId) => this.#getStatus(instanceId),
      getStatusBy: ({ runtimeStatus = [] }) => {
        const all = [...this.#instances].filter(([, known]) =>
          runtimeStatus.includes(known.runtimeStatus),
        );
        return Promise.resolve(all.map(([instanceId, known]) => asStatus(instanceId, known)));
      },
      startNew: (orchestration, options) => this.#startNew(orchestration, options),
    };
    return client as DurableClient;
  }

  async #getStatus(instanceId: string): Promise<DurableOrchestrationStatus> {
    await Promise.resolve();
    const known = this.#instances.get(instanceId);
    if (known) return asStatus(instanceId, known);
    throw new Error(
      'DurableClient error: Durable Functions extension replied with HTTP 404 response. ',
    );
  }

  /** Refuses a second start while the first one lives; replaces an instance that has ended. */
  async #startNew(
    orchestration: string,
    options?: { readonly instanceId?: string; readonly input?: unknown },
  ): Promise<string> {
    const { instanceId = '', input } = options ?? {};
    await Promise.resolve();
    const known = this.#instances.get(instanceId);
    if (known && [Pending, Running].includes(known.runtimeStatus)) {
      throw new Error('DurableClient error: replied with HTTP 409 response');
    }
    this.started.push({ orchestration, instanceId, input: JSON.parse(JSON.stringify(input)) });
    this.set(instanceId, { runtimeStatus: Running });
    return instanceId;
  }
}

function asStatus(instanceId: string, known: Known): DurableOrchestrationStatus {
  return { instanceId, name: '', ...known } as unknown as DurableOrchestrationStatus;
}
