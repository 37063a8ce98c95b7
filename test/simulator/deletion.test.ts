import clean from '../data/scenarios/clean.json';
import { at } from '../../simulator/json';
import { drive } from './support/running';
import { clustersOf, codeOf } from './support/world';

const aks = 'api-version=2026-06-01';

describe('the deletion of a cluster', () => {
  it('takes the place of what runs on it, which then is told so', async () => {
    await using azure = await drive({ scenario: clean });
    const [cluster] = await clustersOf(azure);
    const path = `${cluster?.id ?? ''}?${aks}`;

    const write = await azure.arm('PUT', path, { body: cluster });
    const deletion = await azure.arm('DELETE', path);
    const again = await azure.arm('DELETE', path);
    const { pathname, search } = new URL(write.headers.get('azure-asyncoperation') ?? '');
    const status = await azure.arm('GET', `${pathname}${search}`);
    azure.advanceMinutes(60);
    const gone = await azure.arm('GET', path);

    expect([deletion.status, again.status, codeOf(again.body)]).toEqual([
      202,
      409,
      'OperationNotAllowed',
    ]);
    expect(at(status.body, 'error', 'code')).toBe('AKSOperationPreemptedByDelete');
    expect(gone.status).toBe(404);
  });
});
