import latestImages from '../../data/latest-images.json';
import { armError, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import { pageAnswer } from '../../paging';
import type { World } from '../../world';

const meshRevisions = ['asm-1-26', 'asm-1-27'];

export function listMeshRevisions(request: ArmRequest, world: World): ArmResponse {
  return pageAnswer(request, [meshProfile(request.id)], world);
}

export function getMeshRevision(request: ArmRequest): ArmResponse {
  if (param(request, 'mode').toLowerCase() !== 'istio') {
    return armError(404, 'NotFound', `The mesh ${param(request, 'mode')} is not offered.`);
  }
  return { status: 200, body: meshProfile(request.id.slice(0, request.id.lastIndexOf('/'))) };
}

function meshProfile(collection: string) {
  return {
    id: `${collection}/istio`,
    name: 'istio',
    type: 'Microsoft.ContainerService/locations/meshRevisionProfiles',
    properties: {
      meshRevisions: meshRevisions.map((revision, index) => ({
        revision,
        upgrades: meshRevisions.slice(index + 1),
        compatibleWith: [{ name: 'kubernetes', versions: ['1.34', '1.35', '1.36'] }],
      })),
    },
  };
}

/** Roles that another Azure service can be bound to inside clusters. */
export function listTrustedAccessRoles(request: ArmRequest, world: World): ArmResponse {
  const rule = { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] };
  const role = {
    sourceResourceType: 'Microsoft.MachineLearningServices/workspaces',
    name: 'inference-v1',
    rules: [{ ...rule, resourceNames: [], nonResourceURLs: [] }],
  };
  return pageAnswer(request, [role], world);
}

export function listNodeImages(request: ArmRequest, world: World): ArmResponse {
  const flavours = Object.entries(latestImages).filter(([name]) => name !== 'default');
  const value = flavours.map(([name, version]) => {
    const [os = '', sku = ''] = name.split(/-(.*)/);
    return { os, sku, version, fullName: `${name}-${version}` };
  });
  return pageAnswer(request, value, world);
}

export function osOptions({ id }: ArmRequest): ArmResponse {
  const names = ['Linux', 'Windows'];
  const osOptionPropertyList = names.map((os) => ({ 'os-type': os, 'enable-fips-image': true }));
  return {
    status: 200,
    body: {
      id,
      name: 'default',
      type: 'Microsoft.ContainerService/locations/osOptions',
      properties: { osOptionPropertyList },
    },
  };
}
