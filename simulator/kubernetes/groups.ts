import { nodes } from './nodes/nodes-resource';
import type { ApiGroup } from './resource-table';

/** What the API servers serve: one table for each API group. A further resource is one more entry. */
export const groups: readonly ApiGroup[] = [{ group: '', version: 'v1', resources: [nodes] }];
