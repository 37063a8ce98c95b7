import { parentOf } from '../../arm-id';
import { objectAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import { listAnswer } from '../../paging';
import { param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import type { World } from '../../world';
import { poolNamed } from './cluster';

const type = 'Microsoft.ContainerService/snapshots';

export function listSnapshots(request: ArmRequest, world: World): ArmResponse {
  const found = world.resources.ofType(type, param(request, 'subscription'));
  return listAnswer(request, found, world);
}

/** What a snapshot takes from the node pool that it is made of. */
export function snapshotValues({ body }: ArmRequest, { resources }: World): JsonObject {
  const source = textAt(body, 'properties', 'creationData', 'sourceResourceId') ?? '';
  const cluster = resources.get(parentOf(source));
  const pool = cluster && poolNamed(cluster, source.slice(source.lastIndexOf('/') + 1));
  const version = objectAt(cluster, 'properties')['currentKubernetesVersion'];
  const taken = {
    kubernetesVersion: pool?.['currentOrchestratorVersion'] ?? version,
    nodeImageVersion: pool?.['nodeImageVersion'],
    osType: pool?.['osType'],
    osSku: pool?.['osSKU'],
    vmSize: pool?.['vmSize'],
    enableFIPS: pool?.['enableFIPS'],
  };
  const present = Object.entries(taken).filter(([, value]) => value !== undefined);
  return { ...unknownSource, ...Object.fromEntries(present) };
}

const unknownSource: JsonObject = {
  snapshotType: 'NodePool',
  kubernetesVersion: '1.35.4',
  nodeImageVersion: '',
  osType: 'Linux',
  osSku: 'Ubuntu',
  vmSize: 'Standard_D2s_v3',
  enableFIPS: false,
};
