/** What happened to a resource, without the envelope of a delivery schema. */
export interface GridEvent {
  readonly id: string;
  readonly type: string;
  /** Id of the resource whose topic carries the event. */
  readonly topic: string;
  readonly subject: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An event as the world tells it, before Event Grid gives it an id. */
export type NewEvent = Omit<GridEvent, 'id'> & { readonly id?: string };
