import { callArm, readArm } from '../clients/arm-errors';
import { armName } from '../domain/ids';
import { defineActivity } from './activity';
import { rememberBefore } from './undo-log';

export interface CreateResourceGroupInput {
  /** ARM id of the group. */
  readonly resourceId: string;
  readonly location: string;
}

const apiVersion = '2024-03-01';

/** Creates a resource group. Idempotent: one that exists keeps its location and its tags. */
export const createResourceGroup = defineActivity(
  [
    'Microsoft.Resources/subscriptions/resourceGroups/read',
    'Microsoft.Resources/subscriptions/resourceGroups/write',
  ],
  async (
    { resourceId, location }: CreateResourceGroupInput,
    context,
  ): Promise<{ readonly created: boolean }> => {
    const { clients, log } = context;
    const [, , subscriptionId = ''] = resourceId.split('/');
    const arm = await clients.arm(subscriptionId);
    const path = resourceId;
    if (await readArm(path, () => arm({ method: 'GET', path, apiVersion }))) {
      return { created: false };
    }
    await rememberBefore(context, { action: 'createResourceGroup', target: path, before: null });
    log.info('resourceGroup.creating', { resourceGroup: armName(resourceId), location });
    await callArm(path, () => arm({ method: 'PUT', path, apiVersion, body: { location } }));
    return { created: true };
  },
);
