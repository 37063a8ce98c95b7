import { canonicalArmId } from '../ids';
import type { ClusterView } from '../snapshot';
import type { Link, MatrixRow, RolePolicy } from './matrix-row';

/** What registries in ABAC mode ask for in place of AcrPull. */
export const repositoryReader = 'Container Registry Repository Reader';

const pull = ['Microsoft.ContainerRegistry/registries/pull/read'];
const readRepositories = [
  'Microsoft.ContainerRegistry/registries/repositories/content/read',
  'Microsoft.ContainerRegistry/registries/repositories/metadata/read',
];

/** Source: "AKS service permissions"; registries in ABAC mode ignore AcrPull. */
export const kubeletRows: readonly MatrixRow[] = [
  {
    id: 'RR-ACR',
    principal: 'kubelet',
    role: 'AcrPull',
    leastPrivilege: pull,
    links: registryLinks,
  },
];

function registryLinks(view: ClusterView, { registries }: RolePolicy): readonly Link[] {
  const { bootstrapRegistry } = view.links;
  const all = [...registries, ...(bootstrapRegistry === undefined ? [] : [bootstrapRegistry])];
  return all.map((scope) => registryLink(view, scope));
}

function registryLink({ registries = {} }: ClusterView, scope: string): Link {
  const mode = registries[canonicalArmId(scope)];
  if (mode === 'abac') {
    return {
      scope,
      why: ['registry in RBAC + ABAC repository mode'],
      role: repositoryReader,
      leastPrivilege: readRepositories,
    };
  }
  if (mode === 'rbac') return { scope, why: ['registry in RBAC registry mode'] };
  return { scope, why: ['registry'], uncertain: 'the role assignment mode of the registry' };
}
