import type { Json, JsonObject } from '../json';

/** What happened to a resource, without the envelope of a delivery schema. */
export interface GridEvent extends JsonObject {
  readonly id: string;
  readonly type: string;
  /** Id of the resource whose topic carries the event. */
  readonly topic: string;
  readonly subject: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly data: Json;
  /** Version of `data`, where the publisher gave one. */
  readonly dataVersion?: string;
  /** Attributes of a CloudEvent besides the required ones, by lower-cased name. */
  readonly extensions?: JsonObject;
}

/** An event before it has an id; one that is published again brings its own. */
export interface NewEvent {
  readonly id?: string | undefined;
  readonly type: string;
  readonly topic: string;
  readonly subject: string;
  readonly time: number;
  readonly data: Json;
  readonly dataVersion?: string;
  readonly extensions?: JsonObject;
}
