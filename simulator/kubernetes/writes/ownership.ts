import { fieldRules } from '../fields/list-rules';
import type { FieldRules } from '../fields/list-rules';
import { applied, updated } from '../fields/own-fields';
import type { FieldConflict, Ownership } from '../fields/own-fields';
import { isCustom } from '../groups';
import type { KubeAnswer } from '../kube-request';
import { withManagers, managersOf } from '../fields/managed-fields';
import { nameOf } from '../object-parts';
import { apiVersionOf } from '../resource-table';
import type { KubeObject, ServedResource } from '../resource-table';
import { objectFailure } from '../status';
import { timeText } from './times';
import { detailsOf } from './write-context';
import type { WriteContext } from './write-context';

export function rulesOf({ group }: ServedResource): FieldRules {
  return isCustom(group) ? fieldRules.custom : fieldRules.builtIn;
}

/** The object after a write, with who owns its fields. An apply has said so itself. */
export function ownFields(
  context: WriteContext,
  before: KubeObject | undefined,
  after: KubeObject,
): KubeObject {
  if (context.manager.operation === 'Apply') return after;
  const kept = before === undefined ? after : withManagers(after, managersOf(before));
  return updated(before, kept, ownershipOf(context, after));
}

/** Server-side apply by the manager of this write. */
export function applyConfig(
  context: WriteContext,
  live: KubeObject | undefined,
  config: KubeObject,
): { readonly object: KubeObject } | { readonly refused: KubeAnswer } {
  const ownership = ownershipOf(context, live ?? config);
  const result = applied(live, config, { ...ownership, force: context.manager.force });
  if ('object' in result) return result;
  return { refused: conflictAnswer(context, live, result.conflicts) };
}

function ownershipOf(context: WriteContext, object: KubeObject): Ownership {
  const { manager, group, resource, world } = context;
  const { name, operation, subresource } = manager;
  const ofStatus = Object.keys(object).filter((member) => member !== 'status');
  const untouched = resource.subresources.includes('status') ? ['status'] : [];
  return {
    by: { manager: name, operation, subresource, apiVersion: apiVersionOf(group) },
    rules: rulesOf(context),
    untouched: subresource === 'status' ? ofStatus : untouched,
    time: timeText(world.clock.now()),
  };
}

function conflictAnswer(
  context: WriteContext,
  live: KubeObject | undefined,
  conflicts: readonly FieldConflict[],
): KubeAnswer {
  const name = live === undefined ? '' : nameOf(live);
  const causes = conflicts.map((one) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${managerSaid(one)}`,
    field: one.field,
  }));
  return objectFailure(409, messageOf(conflicts), {
    reason: 'Conflict',
    details: { ...detailsOf(context, name), causes },
  });
}

function messageOf(conflicts: readonly FieldConflict[]): string {
  const [first] = conflicts;
  if (first && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${managerSaid(first)}: ${first.field}`;
  }
  const byManager = Map.groupBy(conflicts, managerSaid);
  const parts = [...byManager].map(
    ([manager, own]) =>
      `conflicts with ${manager}:\n${own.map(({ field }) => `- ${field}`).join('\n')}`,
  );
  return `Apply failed with ${conflicts.length} conflicts: ${parts.join('\n')}`;
}

function managerSaid({ with: entry }: FieldConflict): string {
  const name = JSON.stringify(entry.manager);
  if (entry.operation === 'Apply') return name;
  const below = entry.subresource === '' ? '' : ` with subresource "${entry.subresource}"`;
  return `${name}${below} using ${entry.apiVersion}${entry.time === '' ? '' : ` at ${entry.time}`}`;
}
