import type { ServedResource } from '../resource-table';

export function isPod({ group, resource }: ServedResource): boolean {
  return group.group === '' && resource.name === 'pods';
}
