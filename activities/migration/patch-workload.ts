import type { KubeApi } from '../../clients/kubernetes/kube-api';
import { clusterKey } from '../../domain/ids';
import { canaryOf, heldRollout, limitSecondsOf, partitioned } from '../../domain/migration/canary';
import type { WorkloadMigration } from '../../domain/migration/document';
import { objectAt, sameJson } from '../../domain/migration/json';
import { withoutValues } from '../../domain/migration/kept-objects';
import { ledgerId } from '../../domain/migration/ledger';
import type { Canary, LedgerChange, WorkloadRef } from '../../domain/migration/ledger';
import { workloadPath } from '../../domain/migration/paths';
import type { Json } from '../../domain/migration/snapshot';
import {
  exchange,
  patchTemplate,
  revertTemplate,
  templateOf,
  templatePath,
} from '../../domain/migration/template';
import type { PatchOperation } from '../../domain/migration/template';
import { FailureError } from '../../domain/outcome';
import { defineActivity } from '../activity';
import { insideNeeds } from './inside-needs';
import type { ActivityContext } from '../activity';
import { requireGoing } from './going';
import { remember } from './ledger';
import type { MigrationPlace } from './ledger';
import { gone } from './rehearse-workload';

type TemplateChange = Extract<LedgerChange, { kind: 'template' }>;

export interface PatchWorkloadInput extends MigrationPlace {
  readonly workload: WorkloadMigration;
  readonly proxyInit: Json | null;
}

/**
 * Changes the template of a workload as planned, on condition that it is the one that was read, and holds a StatefulSet
 * back to its last pod. Idempotent.
 *
 * @throws FailureError `Conflict` when somebody changes the template at the same moment, or holds the rollout.
 */
export const patchWorkload = defineActivity(
  insideNeeds,
  async (
    { migrationId, clusterId, workload, proxyInit }: PatchWorkloadInput,
    context,
  ): Promise<{ readonly canary: Canary; readonly limitSeconds: number }> => {
    const { clients } = context;
    await requireGoing(clients.records, migrationId);
    const { kind, templatePatch: patch } = workload;
    const kube = await clients.kubernetes(clusterId);
    const object = await kube.get(workloadPath(workload));
    const path = templatePath(kind);
    if (!object || !patch || path === undefined) throw gone(workload, clusterId);
    const known = await templateEntry({ migrationId, clusterId }, workload, context);
    const from = templateOf(object);
    const to = patchTemplate(from, patch, proxyInit ?? undefined);
    const canary = known?.canary ?? canaryOf(object);
    if (!sameJson(from, to)) {
      if (!known) requireFree(object, workload, clusterId);
      const entry = entryFor(workload, { object, template: from, patch, canary });
      await remember(clients.records, { migrationId, clusterId }, entry);
      context.log.info('workload.patching', { clusterId, path: workloadPath(workload), canary });
      const narrow = canary === 'partition' ? narrowing(object) : [];
      await kube.jsonPatch(workloadPath(workload), [...exchange(path, { from, to }), ...narrow]);
    }
    return { canary, limitSeconds: limitSecondsOf(object) };
  },
);

function entryFor(
  { kind, namespace, name }: WorkloadRef,
  {
    object,
    ...seen
  }: Pick<TemplateChange, 'template' | 'patch' | 'canary'> & { readonly object: Json },
): TemplateChange {
  const strategy = objectAt(object, 'spec', 'updateStrategy');
  const workload = { kind, namespace, name };
  const template = withoutValues(seen.template); // the way back needs names, not values
  return {
    kind: 'template',
    workload,
    ...seen,
    template,
    ...(seen.canary === 'partition' && { strategy }),
  };
}

function narrowing(object: Json): readonly PatchOperation[] {
  const strategy = objectAt(object, 'spec')['updateStrategy'];
  const path = '/spec/updateStrategy';
  const value = partitioned(object);
  return strategy === undefined
    ? [{ op: 'add', path, value }]
    : exchange(path, { from: strategy as Json, to: value });
}

/**
 * Holds a rollout after its first pod, or lets it go on. What holds a StatefulSet came with its patch. Idempotent.
 */
export const steerRollout = defineActivity(
  insideNeeds,
  async (
    {
      migrationId,
      clusterId,
      workload,
      hold,
    }: MigrationPlace & { readonly workload: WorkloadMigration; readonly hold: boolean },
    context,
  ): Promise<{ readonly held: boolean }> => {
    await requireGoing(context.clients.records, migrationId);
    const entry = await templateEntry({ migrationId, clusterId }, workload, context);
    const kube = await context.clients.kubernetes(clusterId);
    if (entry?.canary === 'pause') await pause(kube, workload, hold);
    if (entry?.canary === 'partition' && !hold) await widen(kube, entry);
    return { held: hold };
  },
);

async function pause(kube: KubeApi, workload: WorkloadRef, hold: boolean): Promise<void> {
  const path = workloadPath(workload);
  const object = await kube.get(path);
  if (!object || (objectAt(object, 'spec')['paused'] === true) === hold) return;
  const operation: PatchOperation = hold
    ? { op: 'add', path: '/spec/paused', value: true }
    : { op: 'remove', path: '/spec/paused' };
  await kube.jsonPatch(path, [operation]);
}

/** Lets a StatefulSet replace all its pods again, as it did before. */
async function widen(kube: KubeApi, { workload, strategy = {} }: TemplateChange): Promise<void> {
  const path = workloadPath(workload);
  const object = await kube.get(path);
  const live = object && objectAt(object, 'spec', 'updateStrategy');
  if (!live || sameJson(live, strategy)) return;
  const isEmpty = Object.keys(strategy).length === 0;
  const place = '/spec/updateStrategy';
  await kube.jsonPatch(
    path,
    isEmpty ? [{ op: 'remove', path: place }] : exchange(place, { from: live, to: strategy }),
  );
}

/**
 * Puts the template of a workload back, and how it is rolled out. What somebody else changed in the template since stays
 * as it is. Idempotent.
 */
export const restoreTemplate = defineActivity(
  insideNeeds,
  async (
    { migrationId, clusterId, workload }: MigrationPlace & { readonly workload: WorkloadRef },
    context,
  ): Promise<{ readonly limitSeconds: number; readonly evict: boolean }> => {
    const entry = await templateEntry({ migrationId, clusterId }, workload, context);
    const kube = await context.clients.kubernetes(clusterId);
    const object = entry && (await kube.get(workloadPath(workload)));
    const path = templatePath(workload.kind);
    if (!entry || !object || path === undefined) return { limitSeconds: 0, evict: false };
    const from = templateOf(object);
    const to = revertTemplate(from, entry.template, entry.patch);
    const { kind, namespace, name } = workload;
    context.log.info('workload.restoring', { clusterId, kind, namespace, name });
    if (!sameJson(from, to)) {
      await kube.jsonPatch(workloadPath(workload), exchange(path, { from, to }));
    }
    if (entry.canary === 'pause') await pause(kube, workload, false);
    if (entry.canary === 'partition') await widen(kube, entry);
    return {
      limitSeconds: entry.canary === 'none' ? 0 : limitSecondsOf(object),
      evict: entry.canary === 'evict',
    };
  },
);

async function templateEntry(
  { migrationId, clusterId }: MigrationPlace,
  workload: WorkloadRef,
  { clients }: ActivityContext,
): Promise<TemplateChange | undefined> {
  const subject = { kind: 'template', workload } as TemplateChange;
  const id = ledgerId({ migrationId, cluster: clusterKey(clusterId) }, subject);
  const change = (await clients.records.get('ledger', id))?.value.change;
  return change?.kind === 'template' ? change : undefined;
}

function requireFree(object: Json, { kind, namespace, name }: WorkloadRef, target: string): void {
  const why = heldRollout(object);
  if (why === undefined) return;
  throw new FailureError({
    code: 'Conflict',
    message: `${kind} ${namespace}/${name} cannot be rolled out: ${why}.`,
    next: 'Let its owner finish the rollout that is held, then plan again.',
    target,
  });
}
