import { collectGarbage } from '../controllers/collect-garbage';
import { runCronJobs } from '../controllers/cron-jobs';
import { runDaemonSets } from '../controllers/daemon-sets';
import { runDeployments } from '../controllers/deployments';
import type { Inside } from '../controllers/inside';
import { runJobs } from '../controllers/jobs';
import { runNamespaces } from '../controllers/namespaces';
import { runPods } from '../controllers/pods';
import { runReplicaSets } from '../controllers/replica-sets';
import { runStatefulSets } from '../controllers/stateful-sets';
import { forgetOldEvents } from '../controllers/tell-event';
import { mirrorPodIdentity } from '../pod-identity/add-on';
import { runManagedIdentityController } from '../pod-identity/managed-identity-controller';
import { mirrorWorkloadIdentity } from '../webhooks/add-on';

/** In the order in which one leads to the other. */
const controllers: readonly ((inside: Inside) => void)[] = [
  runNamespaces,
  mirrorWorkloadIdentity,
  mirrorPodIdentity,
  runPods,
  collectGarbage,
  runCronJobs,
  runJobs,
  runReplicaSets,
  runDeployments,
  runStatefulSets,
  runDaemonSets,
  runManagedIdentityController,
];

const mostRounds = 100;

/** Lets every controller of a cluster work until none has anything to do at this moment. */
export function reconcile(inside: Inside): void {
  forgetOldEvents(inside);
  for (let round = 0; round < mostRounds; round += 1) {
    const before = inside.version;
    for (const run of controllers) run(inside);
    if (inside.version === before) return;
  }
  inside.wakeAt(inside.now + 30_000);
}
