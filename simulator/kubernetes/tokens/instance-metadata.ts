import { objectAt, textAt } from '../../json';
import { nodeGroupId } from '../../providers/container-service/cluster';
import type { Cluster } from '../../providers/container-service/cluster';
import type { World } from '../../world';
import type { Request } from './asked';

interface Carried {
  readonly id: string;
  readonly clientId: string;
}

export type Token = { readonly clientId: string } | { readonly error: string };

/**
 * What the metadata endpoint of a node answers to a token request: any identity on the scale set for whoever names it. Who
 * names none gets the only one there is; of several none.
 */
export function metadataToken(
  node: string,
  { by, clientId, resourceId }: Request,
  { cluster, world }: { readonly cluster: Cluster; readonly world: World },
): Token {
  const carried = identitiesOf(node, cluster, world);
  const found = carried.filter((one) =>
    by === 'nothing'
      ? true
      : by === 'clientId'
        ? same(one.clientId, clientId)
        : same(one.id, resourceId),
  );
  if (found.length > 1 && by === 'nothing') return { error: `400 ${several}` };
  const [first] = found;
  return first === undefined ? { error: '400 Identity not found' } : { clientId: first.clientId };
}

const several =
  'Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request';

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Identities on the scale set of a node. */
function identitiesOf(node: string, cluster: Cluster, world: World): readonly Carried[] {
  const name = node.slice(0, -6); // six digits number the machine
  const group = nodeGroupId(cluster);
  const scaleSet = world.resources.get(
    `${group}/providers/Microsoft.Compute/virtualMachineScaleSets/${name}`,
  );
  const identities = objectAt(scaleSet, 'identity', 'userAssignedIdentities');
  return Object.entries(identities).map(([id, shown]) => ({
    id,
    clientId:
      textAt(world.resources.get(id), 'properties', 'clientId') ?? textAt(shown, 'clientId') ?? '',
  }));
}
