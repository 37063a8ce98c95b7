import { withKeys, withoutKeys } from '../../simulator/control/hidden-keys';
import { ResourceStore } from '../../simulator/resource-store';

const id = '/subscriptions/s/providers/Microsoft.EventGrid/eventSubscriptions/one';
const url = 'https://steward.example/runtime/webhooks/eventgrid?functionName=f&code=secret';
const subscription = { id, $truth: { endpointUrl: url, other: 1 } };

describe('the keys in the address of an event subscription', () => {
  it('are not shown', () => {
    const shown = withoutKeys(subscription);

    expect(JSON.stringify(shown)).not.toContain('secret');
    expect(shown.$truth).toMatchObject({ other: 1 });
  });

  it('are kept when the world takes back what it has shown', () => {
    const store = new ResourceStore(() => undefined);
    store.put(subscription);

    expect(withKeys(withoutKeys(subscription), store)).toEqual(subscription);
  });

  it('are not invented for a resource that the world does not know', () => {
    const shown = withoutKeys(subscription);

    expect(withKeys(shown, new ResourceStore(() => undefined))).toEqual(shown);
  });
});
