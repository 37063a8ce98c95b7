import { objectAt, objectsIn, textIn } from '../json';
import { issuesIf } from '../codes';
import type { Issue } from '../codes';
import { isTemplateKind } from '../reading/pod-template';
import type { PodTemplate } from '../reading/pod-template';
import { isMirrorPod } from '../reading/workloads';
import type { Workload } from '../reading/workloads';

/** R2: what the root of a workload says about how its template can be changed, if at all. */
export function ownerIssues({ root, source, template }: Workload): readonly Issue[] {
  const mirror = isMirrorPod(source);
  const kind = root && isTemplateKind(`${root.group}/${root.kind}`) ? root.kind : undefined;
  return issuesIf({
    STATIC_POD: mirror,
    VIRTUAL_NODE: isOnVirtualNode(template),
    POD_WITHOUT_CONTROLLER: kind === 'Pod' && !mirror,
    JOB_IMMUTABLE: kind === 'Job',
    BARE_REPLICASET: kind === 'ReplicaSet' || kind === 'ReplicationController',
    UNSUPPORTED_OWNER: kind === undefined,
  });
}

/** Pods on a virtual node have no network of a node, and no proxy in it. */
function isOnVirtualNode({ spec }: PodTemplate): boolean {
  return (
    objectsIn(spec['tolerations']).some(
      ({ key }) => textIn(key) === 'virtual-kubelet.io/provider',
    ) || textIn(objectAt(spec, 'nodeSelector')['type']) === 'virtual-kubelet'
  );
}
