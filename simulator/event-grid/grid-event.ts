import type { JsonObject } from '../json';

/** What happened to a resource, without the envelope of a delivery schema. */
export interface GridEvent extends JsonObject {
  readonly id: string;
  readonly type: string;
  /** Id of the resource whose topic carries the event. */
  readonly topic: string;
  readonly subject: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly data: JsonObject;
}

/** An event before it has an id; one that is published again brings its own. */
export interface NewEvent {
  readonly id?: string | undefined;
  readonly type: string;
  readonly topic: string;
  readonly subject: string;
  readonly time: number;
  readonly data: JsonObject;
}
