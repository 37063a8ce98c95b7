import type { KubeApi } from '../../clients/kubernetes/kube-api';
import { objectAt, textIn } from '../../domain/migration/json';
import type { LedgerChange } from '../../domain/migration/ledger';
import type { Json } from '../../domain/migration/snapshot';
import { remember } from './ledger';
import type { MigrationPlace } from './ledger';
import type { Records } from '../../clients/records/records';

export interface Removal {
  readonly kube: KubeApi;
  readonly records: Records;
  readonly place: MigrationPlace;
}

/** Deletes an object as it was read, and keeps it in the ledger. One that is gone is done. */
export async function removeObject(
  { kube, records, place }: Removal,
  path: string,
  options: { readonly graceSeconds?: number } = {},
): Promise<void> {
  const object = await kube.get(path);
  if (!object) return;
  await remember(records, place, { kind: 'object', path, object });
  await kube.remove(path, { uid: textIn(objectAt(object, 'metadata')['uid']), ...options });
}

/** What only the API server says about an object. */
const serverSide = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
];

/** Puts an object back as the ledger has it: makes it again, or gives it the content it had. */
export async function restoreObject(
  kube: KubeApi,
  { path, object }: Extract<LedgerChange, { kind: 'object' }>,
): Promise<void> {
  const content = Object.entries(object).filter(([name]) => !['status', 'metadata'].includes(name));
  const kept = Object.entries(objectAt(object, 'metadata')).filter(
    ([name]) => !serverSide.includes(name),
  );
  const body: Json = { ...Object.fromEntries(content), metadata: Object.fromEntries(kept) };
  const live = await kube.get(path);
  if (!live) {
    await kube.create(path.slice(0, path.lastIndexOf('/')), body);
  } else if (JSON.stringify(live['spec']) !== JSON.stringify(object['spec'])) {
    await kube.mergePatch(path, { spec: object['spec'] });
  }
}
