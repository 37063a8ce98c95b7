import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { HttpMethods, PipelineResponse } from '@azure/core-rest-pipeline';

import type { KubeRequest } from '../../clients/kubernetes/transport';
import { readOnlyPolicy, readOnlyTransport } from '../../clients/read-only';
import { FailureError } from '../../domain/outcome';

const arm = 'https://management.azure.com';
const cluster =
  '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/c';

/** `sent`, or the code of the refusal. */
async function outcome(send: () => Promise<unknown>): Promise<string> {
  try {
    await send();
    return 'sent';
  } catch (error) {
    if (error instanceof FailureError) return error.failure.code;
    throw error;
  }
}

function sending(method: HttpMethods, path: string): Promise<string> {
  const request = createPipelineRequest({ url: `${arm}${path}`, method });
  const answer: PipelineResponse = { request, status: 200, headers: createHttpHeaders() };
  return outcome(async () => readOnlyPolicy.sendRequest(request, () => Promise.resolve(answer)));
}

describe('readOnlyPolicy', () => {
  it.each<[HttpMethods, string]>([
    ['GET', cluster],
    ['HEAD', cluster],
    ['POST', `${cluster}/listClusterUserCredential?format=exec&api-version=2026-06-01`],
    ['POST', `${cluster}/runCommand?api-version=2026-06-01`],
    ['POST', '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01'],
    ['POST', '/providers/microsoft.resourcegraph/RESOURCES'],
  ])('lets %s %s through', async (method, path) => {
    expect(await sending(method, path)).toBe('sent');
  });

  it.each<[HttpMethods, string]>([
    ['PUT', cluster],
    ['PATCH', cluster],
    ['DELETE', cluster],
    ['POST', `${cluster}/agentPools/apps/upgradeNodeImageVersion`],
    ['POST', `${cluster}/abort`],
    ['POST', '/subscriptions/s/providers/Microsoft.ContainerService/register'],
    ['PUT', '/subscriptions/s/resourceGroups/runCommand'],
    ['DELETE', `${cluster}/listClusterUserCredential`],
    ['POST', `${cluster}/stop?next=/runCommand`],
    ['POST', `${cluster}/listClusterAdminCredential`],
    ['POST', `${cluster}/runCommand/stop`],
  ])('refuses %s %s', async (method, path) => {
    expect(await sending(method, path)).toBe('SwitchedOff');
  });
});

describe('readOnlyTransport', () => {
  it.each<[KubeRequest['method'], string]>([
    ['GET', 'sent'],
    ['POST', 'SwitchedOff'],
    ['PATCH', 'SwitchedOff'],
    ['DELETE', 'SwitchedOff'],
  ])('answers %s with %s, whichever way leads to the cluster', async (method, expected) => {
    const sent: KubeRequest[] = [];
    const transport = readOnlyTransport(
      {
        access: { identity: 'steward', way: 'runCommand' },
        send: (request) => {
          sent.push(request);
          return Promise.resolve({ status: 200, text: '{}' });
        },
      },
      cluster,
    );

    expect(await outcome(() => transport.send({ method, path: '/api/v1/pods' }))).toBe(expected);
    expect(sent).toHaveLength(expected === 'sent' ? 1 : 0);
    expect(transport.access.way).toBe('runCommand');
  });
});
