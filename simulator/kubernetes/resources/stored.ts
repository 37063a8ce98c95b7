import type { StoredResource } from '../resource-table';
import { ageColumn, nameColumn } from './columns';

type Named = Pick<StoredResource, 'name' | 'kind'> &
  Partial<Omit<StoredResource, 'stored' | 'name' | 'kind'>>;

/** A stored resource; what is not said is as it is for most. */
export function stored({ name, kind, fields = [], ...others }: Named): StoredResource {
  return {
    stored: true,
    name,
    kind,
    singular: kind.toLowerCase(),
    namespaced: true,
    shortNames: [],
    columns: [nameColumn, ageColumn],
    subresources: [],
    ...others,
    fields: ['metadata.name', 'metadata.namespace', ...fields],
  };
}
