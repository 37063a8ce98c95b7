import { param } from '../provider';
import type { ArmRequest, ArmResponse, ResourceProvider } from '../provider';

const latest = '{scope}/providers/Microsoft.PolicyInsights/policyStates/latest';

/** Microsoft.PolicyInsights: no policy is ever evaluated here, so that every answer is empty. */
export const policyInsightsProvider: ResourceProvider = {
  namespace: 'Microsoft.PolicyInsights',
  routes: {
    [`POST ${latest}/queryResults`]: (): ArmResponse => ({
      status: 200,
      body: { '@odata.context': '', '@odata.count': 0, value: [] },
    }),
    [`POST ${latest}/summarize`]: summarize,
  },
};

function summarize(request: ArmRequest): ArmResponse {
  const results = {
    queryResultsUri: `${request.origin}${param(request, 'scope')}`,
    nonCompliantResources: 0,
    nonCompliantPolicies: 0,
    resourceDetails: [],
    policyDetails: [],
  };
  return { status: 200, body: { '@odata.count': 1, value: [{ results, policyAssignments: [] }] } };
}
