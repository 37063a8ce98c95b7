import { at } from '../../json';
import { kubeconfig } from '../../kubernetes/kubeconfig';
import type { Account } from '../../kubernetes/kubeconfig';
import { aksError } from '../../provider';
import type { ArmResponse } from '../../provider';
import type { World } from '../../world';
import { onCluster } from './cluster';
import type { Cluster } from './cluster';

export const userCredential = onCluster((cluster, _request, world) =>
  answer(cluster, 'clusterUser', world),
);

export const adminCredential = onCluster((cluster, _request, world) => {
  if (at(cluster, 'properties', 'disableLocalAccounts') !== true) {
    return answer(cluster, 'clusterAdmin', world);
  }
  return aksError(
    400,
    'BadRequest',
    "Getting static credential isn't allowed because this cluster is set to disable local accounts.",
  );
});

function answer(cluster: Cluster, name: Account, world: World): ArmResponse {
  return {
    status: 200,
    body: { kubeconfigs: [{ name, value: kubeconfig(cluster, name, world) }] },
  };
}
