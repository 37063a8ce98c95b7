import { objectAt, objectsIn, textIn } from '../json';
import type { Json } from '../snapshot';
import { bindingLabel } from '../words';
import { issuesIf } from '../codes';
import type { Issue } from '../codes';
import type { Workload } from '../reading/workloads';

/** R4: what a change of the template does to running pods. */
export function rolloutIssues({ root }: Workload): readonly Issue[] {
  const spec = objectAt(root?.body ?? {}, 'spec');
  const kind = root?.kind ?? '';
  const scaled = ['Deployment', 'StatefulSet'].includes(kind);
  return [
    ...(scaled && replicasOf(spec) === 0 ? [] : restartIssues(kind, spec)),
    ...issuesIf({ LABEL_IN_SELECTOR: kind !== 'Pod' && selectsLabel(spec) }),
  ];
}

function restartIssues(kind: string, spec: Json): readonly Issue[] {
  const onDelete = textIn(objectAt(spec, 'updateStrategy')['type']) === 'OnDelete';
  const stateful = kind === 'StatefulSet';
  return issuesIf({
    ROLLOUT_DOWNTIME:
      (kind === 'Deployment' && stopsDeployment(spec)) || (stateful && replicasOf(spec) === 1),
    ROLLOUT_ON_DELETE: onDelete && (stateful || kind === 'DaemonSet'),
  });
}

function replicasOf(spec: Json): number {
  const { replicas } = spec;
  return typeof replicas === 'number' ? replicas : 1;
}

function stopsDeployment(spec: Json): boolean {
  const strategy = objectAt(spec, 'strategy');
  if (textIn(strategy['type']) === 'Recreate') return true;
  const replicas = replicasOf(spec);
  const { maxUnavailable, maxSurge } = objectAt(strategy, 'rollingUpdate');
  const unavailable = Math.floor(share(maxUnavailable, replicas));
  // Kubernetes takes one pod down where neither number would let it begin.
  const least = unavailable === 0 && share(maxSurge, replicas) === 0 ? 1 : unavailable;
  return least >= replicas;
}

/** A number of pods, or a percentage of them; a quarter where nothing is said. */
function share(value: unknown, replicas: number): number {
  if (typeof value === 'number') return value;
  const [, percent] = /^(\d+)%$/.exec(textIn(value)) ?? [];
  return ((percent === undefined ? 25 : Number(percent)) * replicas) / 100;
}

/** A selector never changes, so a label in it stays for ever. */
function selectsLabel(spec: Json): boolean {
  const selector = objectAt(spec, 'selector');
  const { matchLabels, matchExpressions } = selector;
  return (
    [matchLabels, selector].some(
      (labels) =>
        typeof labels === 'object' && labels !== null && Object.hasOwn(labels, bindingLabel),
    ) || objectsIn(matchExpressions).some(({ key }) => textIn(key) === bindingLabel)
  );
}
