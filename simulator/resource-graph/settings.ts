import { z } from 'zod';

const Lag = z.number().min(0);

/** How far Resource Graph is behind Azure Resource Manager, in simulated seconds, and what it takes. */
const ResourceGraph = z.strictObject({
  /** All tables, where nothing below says otherwise. */
  lagSeconds: Lag.default(0),
  /** By lower-cased table, such as `authorizationresources`. */
  lagByTable: z.record(z.string().lowercase(), Lag).default({}),
  /** By lower-cased resource type; wins over the table. */
  lagByType: z.record(z.string().lowercase(), Lag).default({}),
  /** Longer lists after `in` are refused; without it every list is taken. */
  mostInList: z.int().min(1).optional(),
});
export type ResourceGraphSettings = z.infer<typeof ResourceGraph>;

/** Part of the scenario's `behaviour`. */
export const resourceGraphSettings = { resourceGraph: ResourceGraph.prefault({}) };
