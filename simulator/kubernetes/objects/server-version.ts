import { textAt } from '../../json';
import type { Cluster } from '../../providers/container-service/cluster';
import type { World } from '../../world';
import type { ObjectAddress } from './object-store';

const newest = '1.35.4';

/** Version of a cluster's API server without the `v`: what its world document says, until ARM says another one. */
export function serverVersion(cluster: Cluster, { objects }: World): string {
  const said = objects.get(addressOf(cluster.id));
  const fromArm = armVersion(cluster);
  const given = textAt(said, 'version');
  return given !== undefined && textAt(said, 'armVersion') === fromArm ? given : fromArm;
}

/** Lets the API server say a version of its own, whatever ARM rounds it to. */
export function setServerVersion(cluster: Cluster, gitVersion: string, { objects }: World): void {
  const { cluster: id, resource, name } = addressOf(cluster.id);
  objects.load(
    { cluster: id, resource },
    {
      metadata: { name },
      version: gitVersion.replace(/^v/, ''),
      armVersion: armVersion(cluster),
    },
  );
}

function armVersion(cluster: Cluster): string {
  return (
    textAt(cluster, 'properties', 'currentKubernetesVersion') ??
    textAt(cluster, 'properties', 'kubernetesVersion') ??
    newest
  );
}

function addressOf(cluster: string): ObjectAddress {
  return { cluster, resource: '$server', namespace: '', name: 'version' };
}
