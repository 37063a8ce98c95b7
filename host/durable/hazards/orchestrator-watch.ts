import type { Hazard } from './hazard';
import { failure, warning } from './hazard';

/** What the watch looks at of the SDK's `context.df`. */
type Surface = Record<string, unknown> & { readonly customStatus?: unknown };

/** A task of the SDK, as far as it has to be known. */
interface Task {
  readonly alreadyScheduled?: boolean;
}

interface Created {
  readonly method: string;
  readonly name: unknown;
  readonly task: Task;
}

/** Methods whose tasks do something as soon as they are yielded, and nothing before. */
const calls: Readonly<Record<string, string>> = {
  callActivity: 'a call of',
  callActivityWithRetry: 'a call of',
  callSubOrchestrator: 'a call of',
  callSubOrchestratorWithRetry: 'a call of',
  callEntity: 'a call of entity',
  callHttp: 'an HTTP call',
};

/** Methods that do nothing once the execution is to be continued as new. */
const afterwardsIgnored = [...Object.keys(calls), 'signalEntity', 'createTimer'];

/**
 * Listens to what an orchestrator asks its context for during one run, where the state that the SDK
 * returns does not tell.
 */
export class OrchestratorWatch {
  readonly hazards: Hazard[] = [];
  /** Tasks that are not scheduled yet; those that have been since are taken out with the next one. */
  private readonly created: Created[] = [];
  private isContinued = false;

  /** The SDK sets `df` on the context of the invocation just before it runs the orchestrator. */
  readonly attach = (context: object): void => {
    let df: Surface | undefined;
    Object.defineProperty(context, 'df', {
      configurable: true,
      enumerable: true,
      get: () => df,
      set: (value: Surface) => {
        df = value;
        this.listen(value);
      },
    });
  };

  /** Tasks that were made and never yielded, once the orchestrator has ended. */
  endHazards(): Hazard[] {
    const dropped = this.created.find(({ task }) => task.alreadyScheduled === false);
    return dropped === undefined ? [] : [neverYieldedHazard(dropped)];
  }

  private listen(df: Surface): void {
    this.onCall(df, 'continueAsNew', () => {
      this.isContinued = true;
    });
    this.onCall(df, 'setCustomStatus', ([status]) => {
      if (status === 0 || status === false || status === '') this.hazards.push(falsyHazard(status));
    });
    for (const method of afterwardsIgnored) {
      this.onCall(df, method, ([name], task) => {
        this.note(method, name, task);
      });
    }
  }

  private note(method: string, name: unknown, task: unknown): void {
    if (this.isContinued) this.hazards.push(ignoredHazard(method));
    if (calls[method] === undefined) return;
    while (this.created.at(-1)?.task.alreadyScheduled === true) this.created.pop();
    this.created.push({ method, name, task: task as Task });
  }

  /** Replaces a method by one that does the same and tells. */
  private onCall(
    df: Surface,
    method: string,
    tell: (inputs: readonly unknown[], result: unknown) => void,
  ): void {
    const original = df[method];
    if (typeof original !== 'function') return;
    df[method] = (...inputs: readonly unknown[]): unknown => {
      const result: unknown = Reflect.apply(original, df, inputs);
      tell(inputs, result);
      return result;
    };
  }
}

function neverYieldedHazard({ method, name }: Created): Hazard {
  const noun = calls[method] ?? '';
  const what = method === 'callHttp' ? noun : `${noun} '${String(name)}'`;
  return warning(
    'NeverYielded',
    `${what} was made and never yielded; Azure never makes it. Yield it, or do not make it.`,
  );
}

function falsyHazard(status: unknown): Hazard {
  return warning(
    'FalsyStatus',
    `setCustomStatus(${JSON.stringify(status)}) clears the status on Azure. Wrap the value in an object, or pass null to clear it.`,
  );
}

function ignoredHazard(method: string): Hazard {
  return failure(
    'WorkAfterContinueAsNew',
    `${method} came after continueAsNew; Azure ignores it. Let continueAsNew be the last thing the orchestrator does.`,
  );
}
