import type { ResourceProvider } from '../provider';
import { authorizationProvider } from './authorization';
import { computeProvider } from './compute';
import { containerServiceProvider } from './container-service';
import { featuresProvider } from './features';
import { managedIdentityProvider } from './managed-identity';
import { policyInsightsProvider } from './policy-insights';
import { resourceGraphProvider } from './resource-graph';
import { resourcesProvider } from './resources';

/** Every namespace of the simulated Azure. */
export const providers: readonly ResourceProvider[] = [
  authorizationProvider,
  computeProvider,
  containerServiceProvider,
  featuresProvider,
  managedIdentityProvider,
  policyInsightsProvider,
  resourceGraphProvider,
  resourcesProvider,
];
