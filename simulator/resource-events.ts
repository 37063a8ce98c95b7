import { partsOf } from './arm-id';
import { textAt } from './json';
import type { Operation } from './operation-store';
import type { Resource } from './resource-store';
import type { World } from './world';

/** Says that a write of a resource has ended well, as `Microsoft.Resources` events do. */
export function emitWrite(world: World, { id }: Pick<Resource, 'id'>, operation: Operation): void {
  const { subscriptionId = '', type } = partsOf(id);
  const action = `${type}/write`;
  const principal = textAt(operation.details, 'principal') ?? '';
  world.emit({
    type: 'Microsoft.Resources.ResourceWriteSuccess',
    topic: `/subscriptions/${subscriptionId}`,
    subject: id,
    time: operation.endsAt,
    data: {
      authorization: { scope: id, action, evidence: { role: 'Subscription Admin' } },
      claims: { 'http://schemas.microsoft.com/identity/claims/objectidentifier': principal },
      correlationId: textAt(operation.details, 'correlationId') ?? operation.id,
      resourceProvider: partsOf(id).type.split('/')[0] ?? '',
      resourceUri: id,
      operationName: action,
      status: 'Succeeded',
      subscriptionId,
      tenantId: world.tenantId,
    },
  });
}
