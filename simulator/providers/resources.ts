import type { ResourceProvider } from '../provider';
import { deleteById, getById, listResources, patchById, putById } from './resources/by-id';
import {
  getContainer,
  listGroups,
  listLocations,
  listSubscriptions,
  listTenants,
  putGroup,
} from './resources/containers';
import {
  deleteGroup,
  groupDeletion,
  groupRemoval,
  listResourcesOfGroup,
  patchGroup,
} from './resources/groups';
import {
  getRegistration,
  listRegistrations,
  register,
  getTenantProvider,
  listResourceTypes,
  listTenantProviders,
  settleRegistration,
  unregister,
} from './resources/registrations';
import { deleteTags, getTags, patchTags, putTags } from './resources/tags';
import { operationsOf } from './operation-list';

const subscription = '/subscriptions/{subscription}';
const group = `${subscription}/resourceGroups/{group}`;
const tags = '{scope}/providers/Microsoft.Resources/tags/default';
const anyResource = `${group}/providers/{namespace}{resourceId}`;

/** Microsoft.Resources: subscriptions, resource groups, provider registrations, and every resource by its id. */
export const resourcesProvider: ResourceProvider = {
  namespace: 'Microsoft.Resources',
  routes: {
    'GET /subscriptions': listSubscriptions,
    'GET /tenants': listTenants,
    [`GET ${subscription}`]: getContainer,
    [`GET ${subscription}/locations`]: listLocations,
    [`GET ${subscription}/resourceGroups`]: listGroups,
    [`GET ${subscription}/resources`]: listResources,
    [`GET ${group}`]: getContainer,
    [`PUT ${group}`]: putGroup,
    [`PATCH ${group}`]: patchGroup,
    [`DELETE ${group}`]: deleteGroup,
    [`GET ${group}/resources`]: listResourcesOfGroup,
    [`GET ${subscription}/providers`]: listRegistrations,
    [`GET ${subscription}/providers/{namespace}`]: getRegistration,
    [`POST ${subscription}/providers/{namespace}/register`]: register,
    [`POST ${subscription}/providers/{namespace}/unregister`]: unregister,
    'GET /providers': listTenantProviders,
    'GET /providers/{namespace}': getTenantProvider,
    [`GET ${subscription}/providers/{namespace}/resourceTypes`]: listResourceTypes,
    [`GET ${tags}`]: getTags,
    [`PUT ${tags}`]: putTags,
    [`PATCH ${tags}`]: patchTags,
    [`DELETE ${tags}`]: deleteTags,
    [`GET ${subscription}/operationresults/{operation}`]: groupDeletion,
    'GET /providers/Microsoft.Resources/operations': operationsOf('Microsoft.Resources'),
    [`GET ${anyResource}`]: getById,
    [`PUT ${anyResource}`]: putById,
    [`PATCH ${anyResource}`]: patchById,
    [`DELETE ${anyResource}`]: deleteById,
  },
  operations: { DeletingGroup: groupRemoval },
  effects: { settleRegistration },
};
