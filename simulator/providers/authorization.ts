import { permissionsAt, scopesOver } from '../rights/access';
import { lineage, sameId, scopeOf } from '../arm-id';
import { isObject, objectAt, textAt } from '../json';
import type { JsonObject } from '../json';
import { listAnswer, pageAnswer } from '../paging';
import { armError, notFound, param } from '../provider';
import type { ArmRequest, ArmResponse, ResourceProvider } from '../provider';
import { visible } from '../resource-store';
import type { World } from '../world';
import { usageMetrics } from './authorization/assignment-limit';
import {
  deleteAssignment,
  getAssignment,
  listAssignments,
  putAssignment,
} from './authorization/role-assignments';
import {
  deleteDefinition,
  getDefinition,
  listDefinitions,
  putDefinition,
} from './authorization/role-definitions';
import { operationsOf } from './operation-list';

const namespace = 'Microsoft.Authorization';
const at = (type: string): string => `{scope}/providers/${namespace}/${type}`;

/** Microsoft.Authorization: role assignments and definitions, the caller's permissions, locks, policy assignments. */
export const authorizationProvider: ResourceProvider = {
  namespace,
  routes: {
    [`GET ${at('roleAssignments')}`]: listAssignments,
    [`GET ${at('roleAssignments')}/{name}`]: getAssignment,
    [`PUT ${at('roleAssignments')}/{name}`]: putAssignment,
    [`DELETE ${at('roleAssignments')}/{name}`]: deleteAssignment,
    [`GET /subscriptions/{subscription}/providers/${namespace}/roleAssignmentsUsageMetrics`]:
      usageMetrics,
    [`GET ${at('roleDefinitions')}`]: listDefinitions,
    [`GET ${at('roleDefinitions')}/{name}`]: getDefinition,
    [`PUT ${at('roleDefinitions')}/{name}`]: putDefinition,
    [`DELETE ${at('roleDefinitions')}/{name}`]: deleteDefinition,
    [`GET ${at('permissions')}`]: (request, world) =>
      pageAnswer(request, ownPermissions(request, world), world),
    [`GET ${at('denyAssignments')}`]: listInherited,
    [`GET ${at('denyAssignments')}/{name}`]: getExtension,
    [`GET ${at('locks')}/{name}`]: getExtension,
    [`GET ${at('policyDefinitions')}`]: listInherited,
    [`PUT ${at('policyDefinitions')}/{name}`]: putPolicy,
    [`DELETE ${at('policyDefinitions')}/{name}`]: deleteExtension,
    [`GET ${at('policySetDefinitions')}`]: listInherited,
    [`GET ${at('policySetDefinitions')}/{name}`]: getExtension,
    [`PUT ${at('policySetDefinitions')}/{name}`]: putPolicy,
    [`DELETE ${at('policySetDefinitions')}/{name}`]: deleteExtension,
    [`GET ${at('policyExemptions')}`]: listPolicies,
    [`GET ${at('policyExemptions')}/{name}`]: getExtension,
    [`PUT ${at('policyExemptions')}/{name}`]: (request, world) => putExtension(request, world, 200),
    [`DELETE ${at('policyExemptions')}/{name}`]: deleteExtension,
    [`GET /providers/${namespace}/operations`]: operationsOf(namespace),
    [`PATCH ${at('policyAssignments')}/{name}`]: patchPolicyAssignment,
    [`GET ${at('locks')}`]: listInherited,
    [`PUT ${at('locks')}/{name}`]: putLock,
    [`DELETE ${at('locks')}/{name}`]: deleteExtension,
    [`GET ${at('policyDefinitions')}/{name}`]: getExtension,
    [`GET ${at('policyAssignments')}`]: listPolicies,
    [`GET ${at('policyAssignments')}/{name}`]: getExtension,
    [`PUT ${at('policyAssignments')}/{name}`]: putPolicyAssignment,
    [`DELETE ${at('policyAssignments')}/{name}`]: deleteExtension,
  },
};

/** What the caller may do at the scope: a permission for each role that works there by now. */
function ownPermissions(request: ArmRequest, world: World): readonly JsonObject[] {
  if (world.behaviour.rights === 'open') return [everything];
  const right = { principalId: request.principal, scope: param(request, 'scope') };
  return permissionsAt(world, right).map((permission) => ({ ...permission }));
}

const everything = { actions: ['*'], notActions: [], dataActions: ['*'], notDataActions: [] };

/** What is attached to a scope and to everything above it. */
function listInherited(request: ArmRequest, world: World): ArmResponse {
  const type = request.id.slice(request.id.lastIndexOf('/') + 1);
  const found = lineage(param(request, 'scope')).flatMap((scope) =>
    world.resources.in(`${scope}/providers/${namespace}/${type}`),
  );
  return listAnswer(request, found, world);
}

/**
 * Policy assignments and exemptions at a scope and above it, up to the management groups; without a filter those below as
 * well. Source: REST reference of policy assignments, `$filter`.
 */
function listPolicies(request: ArmRequest, world: World): ArmResponse {
  const filter = request.query.get('$filter') ?? '';
  const [, definition] = /^policyDefinitionId eq '([^']*)'$/i.exec(filter) ?? [];
  const known = ['', 'atscope()', 'atexactscope()'].includes(filter.toLowerCase());
  if (!known && definition === undefined) {
    return armError(400, 'InvalidFilter', `The filter '${filter}' is not supported.`);
  }
  const exact = filter.toLowerCase() === 'atexactscope()';
  const below = filter === '' || definition !== undefined;
  const scope = param(request, 'scope').toLowerCase();
  const type = request.id.slice(request.id.lastIndexOf('/') + 1);
  const above = scopesOver(world, param(request, 'scope'));
  const found = world.resources.ofType(`${namespace}/${type}`).filter((one) => {
    const at = scopeOf(one.id).toLowerCase();
    if (at === scope) return true;
    return !exact && (above.has(at) || (below && at.startsWith(`${scope}/`)));
  });
  const wanted = found.filter(
    (one) =>
      definition === undefined ||
      sameId(textAt(one, 'properties', 'policyDefinitionId'), definition),
  );
  return listAnswer(request, wanted, world);
}

function getExtension({ id }: ArmRequest, { resources }: World): ArmResponse {
  const found = resources.get(id);
  return found ? { status: 200, body: visible(found) } : notFound(id);
}

function putExtension(request: ArmRequest, world: World, updated: number): ArmResponse {
  const { id, body } = request;
  if (!isObject(body) || !isObject(body['properties'])) {
    return armError(400, 'InvalidRequestContent', 'The request body must have properties.');
  }
  const existing = world.resources.get(id);
  const type = id.split('/').at(-2) ?? '';
  const saved = world.resources.put({
    ...existing,
    ...body,
    id,
    name: param(request, 'name'),
    type: `${namespace}/${type}`,
  });
  return { status: existing ? updated : 201, body: visible(saved) };
}

/** A definition of the customer's own. */
function putPolicy(request: ArmRequest, world: World): ArmResponse {
  const { body } = request;
  const first = { policyType: 'Custom', mode: 'Indexed', version: '1.0.0', versions: ['1.0.0'] };
  const properties = { ...first, ...objectAt(body, 'properties') };
  return putExtension(
    { ...request, body: isObject(body) ? { ...body, properties } : body },
    world,
    201,
  );
}

function patchPolicyAssignment(request: ArmRequest, world: World): ArmResponse {
  const existing = world.resources.get(request.id);
  if (existing === undefined) return notFound(request.id);
  const { body } = request;
  const properties = { ...objectAt(existing, 'properties'), ...objectAt(body, 'properties') };
  return putExtension(
    { ...request, body: isObject(body) ? { ...body, properties } : body },
    world,
    200,
  );
}

function putLock(request: ArmRequest, world: World): ArmResponse {
  const level = textAt(request.body, 'properties', 'level') ?? '';
  return ['CanNotDelete', 'ReadOnly', 'NotSpecified'].includes(level)
    ? putExtension(request, world, 200)
    : armError(400, 'InvalidLockLevel', `The lock level '${level}' is invalid.`);
}

/** 201 also for an update. */
function putPolicyAssignment(request: ArmRequest, world: World): ArmResponse {
  const { body } = request;
  const completed = isObject(body) && {
    ...body,
    properties: {
      enforcementMode: 'Default',
      notScopes: [],
      definitionVersion: '1.*.*',
      instanceId: world.seed.guid('policy assignment', request.id.toLowerCase()),
      ...objectAt(body, 'properties'),
      scope: param(request, 'scope'),
    },
  };
  return putExtension({ ...request, body: completed || body }, world, 201);
}

function deleteExtension({ id }: ArmRequest, { resources }: World): ArmResponse {
  const removed = resources.delete(id);
  return removed ? { status: 200, body: visible(removed) } : { status: 204 };
}
