import { objectAt } from '../../json';
import type { KubeObject } from '../resource-table';
import { amountOf, numberAt } from './objects';

export function replicasOf(object: KubeObject): number {
  return numberAt(object, ['spec', 'replicas'], 1);
}

/** How many pods more than wanted, and how many fewer. */
export function limitsOf(deployment: KubeObject): { surge: number; unavailable: number } {
  const wanted = replicasOf(deployment);
  const rolling = objectAt(deployment, 'spec', 'strategy', 'rollingUpdate');
  const otherwise = '25%';
  const surge = amountOf(rolling['maxSurge'], wanted, { round: Math.ceil, otherwise });
  const fewer = amountOf(rolling['maxUnavailable'], wanted, { round: Math.floor, otherwise });
  const unavailable = Math.min(wanted, surge === 0 && fewer === 0 ? 1 : fewer);
  return { surge, unavailable };
}
