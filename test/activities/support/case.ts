import type { Outcome } from '../../../domain/outcome';
import type { JsonObject } from '../../../simulator/json';
import type { TestAzure } from './azure';

/** An activity with all of its work to do, and the world in which it has that. */
export interface Case {
  readonly what: string;
  readonly world: readonly JsonObject[];
  readonly act: (azure: TestAzure) => Promise<Outcome<unknown>>;
  /** Operation that the activity itself asks for, where `act` must prepare something in Azure. */
  readonly only?: string;
  /** Operations whose answers the activity can do without, here. */
  readonly optional?: readonly string[];
}
