import type { ResourceProvider } from '../provider';
import {
  deleteById,
  getById,
  listResources,
  patchById,
  patchTags,
  putById,
} from './resources/by-id';
import {
  getContainer,
  listGroups,
  listLocations,
  listSubscriptions,
  listTenants,
  putGroup,
} from './resources/containers';
import {
  getRegistration,
  listRegistrations,
  register,
  settleRegistration,
  unregister,
} from './resources/registrations';

const subscription = '/subscriptions/{subscription}';
const group = `${subscription}/resourceGroups/{group}`;
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
    [`GET ${subscription}/providers`]: listRegistrations,
    [`GET ${subscription}/providers/{namespace}`]: getRegistration,
    [`POST ${subscription}/providers/{namespace}/register`]: register,
    [`POST ${subscription}/providers/{namespace}/unregister`]: unregister,
    'PATCH {scope}/providers/Microsoft.Resources/tags/default': patchTags,
    [`GET ${anyResource}`]: getById,
    [`PUT ${anyResource}`]: putById,
    [`PATCH ${anyResource}`]: patchById,
    [`DELETE ${anyResource}`]: deleteById,
  },
  effects: { settleRegistration },
};
