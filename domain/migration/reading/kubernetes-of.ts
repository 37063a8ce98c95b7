import { canonicalArmId } from '../../ids';
import { objectsIn } from '../json';
import type { MigrationSnapshot } from '../snapshot';
import { readKubernetes } from './kubernetes-objects';
import type { KubernetesState } from './kubernetes-objects';

/** What the API server of a cluster answered; nothing for a cluster that is not in scope. */
export function kubernetesOf({ kubernetes }: MigrationSnapshot, id: string): KubernetesState {
  const [, content] =
    Object.entries(kubernetes).find(([key]) => canonicalArmId(key) === canonicalArmId(id)) ?? [];
  return readKubernetes(objectsIn(content?.objects));
}
