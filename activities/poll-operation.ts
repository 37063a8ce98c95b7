import { aksApiVersion } from '../clients/clusters';
import { pollOnce } from '../clients/operations';
import type { Operation } from '../domain/operation';
import { defineActivity } from './activity';

/** Asks once how a long-running operation is getting on. */
export const pollOperation = defineActivity(
  [
    'Microsoft.ContainerService/locations/operations/read',
    'Microsoft.ContainerService/managedClusters/read',
    'Microsoft.ContainerService/managedClusters/agentPools/read',
  ],
  async ({ operation }: { readonly operation: Operation }, { clients }): Promise<Operation> => {
    if (operation.status === 'succeeded') return operation;
    return pollOnce(await clients.arm(operation.subscriptionId), operation, aksApiVersion);
  },
);
