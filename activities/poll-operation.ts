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
  async (
    { operation }: { readonly operation: Operation },
    { clients, note },
  ): Promise<Operation> => {
    if (operation.status === 'succeeded') return operation;
    const now = await pollOnce(
      await clients.arm(operation.subscriptionId),
      operation,
      aksApiVersion,
    );
    if (now.status === 'running') note({ 'steward.wait_reason': 'operation-in-progress' });
    return now;
  },
);
