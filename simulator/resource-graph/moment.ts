import type { Change } from '../resource-history';
import type { World } from '../world';
import type { ResourceGraphSettings } from './settings';

/** When a query was asked: every page of its answer shows the world of this moment. */
export interface Moment {
  /** Epoch milliseconds. */
  readonly time: number;
  /** Number of the last change of the world before it. */
  readonly change: number;
  /** How far the tables were behind. */
  readonly lag: Pick<ResourceGraphSettings, 'lagSeconds' | 'lagByTable' | 'lagByType'>;
}

export function momentOf({ clock, history, behaviour }: World): Moment {
  const { lagSeconds, lagByTable, lagByType } = behaviour.resourceGraph;
  return { time: clock.now(), change: history.last, lag: { lagSeconds, lagByTable, lagByType } };
}

/** Whether a table shows a change of a resource of this lower-cased type. */
export function shows(
  moment: Moment,
  change: Change,
  where: { table: string; type: string },
): boolean {
  const { lagSeconds, lagByTable, lagByType } = moment.lag;
  const lag = lagByType[where.type] ?? lagByTable[where.table] ?? lagSeconds;
  return change.sequence <= moment.change && change.time <= moment.time - lag * 1000;
}

/** Whether all tables show all changes: then the world is as it is. */
export function isNow({ change, lag }: Moment, { history }: World): boolean {
  const { lagSeconds, lagByTable, lagByType } = lag;
  const lags = [lagSeconds, ...Object.values(lagByTable), ...Object.values(lagByType)];
  return history.all.length === 0 || (change === history.last && lags.every((one) => one === 0));
}
