/** How an instance stands, as both engines show it. */
export interface Outcome {
  readonly status: string;
  readonly output: unknown;
  readonly customStatus: unknown;
  /** Of the answer to the question for its status */
  readonly httpStatus: number;
  /** Its history: type, name and result of each entry, in order */
  readonly history: readonly string[];
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

export interface StartOptions {
  readonly input?: unknown;
  /** Of its own when left out */
  readonly id?: string;
  readonly version?: string;
}

/** A task hub as a scenario sees it: the same calls reach either engine. */
export interface Hub {
  /** Begins all ids and keys of this scenario */
  readonly prefix: string;
  /** Address of a server that the test runs, for orchestrations that call one */
  readonly calledUrl: string;
  /** Starts an instance; its id */
  start(name: string, options?: StartOptions): Promise<string>;
  /** How an instance ended. @throws when it does not */
  ended(id: string): Promise<Outcome>;
  run(name: string, input?: unknown, options?: StartOptions): Promise<Outcome>;
  /** Waits until an instance stands as described. */
  until(id: string, reached: (outcome: Outcome) => boolean): Promise<Outcome>;
  /**
   * How an instance stands that goes no further once it has come as far as described, or has begun to
   * run: it is watched for a while.
   */
  stuck(id: string, reached?: (outcome: Outcome) => boolean): Promise<Outcome>;
  /** Raises an event; the HTTP status */
  raise(id: string, event: string, data?: unknown): Promise<number>;
  /** A call of the Durable HTTP API, `path` below its base */
  call(method: string, path: string, body?: unknown): Promise<HttpAnswer>;
  /** All pages of a query, each with what it holds */
  pages(path: string): Promise<readonly (readonly unknown[])[]>;
  /** Suspends, resumes, terminates, rewinds, restarts; the HTTP status */
  control(id: string, action: string, reason?: string): Promise<number>;
  /** State of an entity, once it is as described */
  entity(name: string, key: string, reached: (state: unknown) => boolean): Promise<unknown>;
  signal(name: string, key: string, request: { op: string; input?: unknown }): Promise<number>;
  /** Calls an HTTP function of the app. */
  request(path: string, body?: unknown): Promise<HttpAnswer>;
}

/** What a scenario observed; compared between the engines. */
export type Scenario = (hub: Hub) => Promise<unknown>;

/** Functions, and what is done with them. */
export interface Topic {
  /** Registers the functions; called in the process that serves the app. */
  register(): void;
  readonly scenarios: Readonly<Record<string, Scenario>>;
}
