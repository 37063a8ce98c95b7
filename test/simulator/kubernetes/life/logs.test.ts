import { textAt } from '../../../../simulator/json';
import { objectsAt } from '../../../../simulator/json';
import { drive } from '../../support/running';
import { fixture, inside } from '../a-migration-cluster';

describe('the logs and metrics of NMI through the API server', () => {
  it('say who asked in the last minutes, and keep what was written before', async () => {
    await using azure = await drive({
      scenario: { now: '2026-11-24T08:00:00Z', behaviour: { kubernetes: { probe: true } } },
    });
    const given = fixture('03-multi-identity-selector.json');
    await azure.control('PUT', 'world', given);
    const [id = ''] = Object.keys(given['kubernetes'] as object);
    azure.advanceMinutes(10);
    const cluster = await inside(azure, id);
    const pods = await cluster.get('/api/v1/namespaces/kube-system/pods?labelSelector=app=nmi');
    const names = objectsAt(pods, 'items').map((pod) => textAt(pod, 'metadata', 'name') ?? '');

    const logs = async (query: string) => {
      const path = (name: string) => `/api/v1/namespaces/kube-system/pods/${name}`;
      const all = names.map(async (name) => {
        const container = name === 'nmi-x7k2p' ? 'main' : 'nmi';
        const { status, body } = await cluster.send(
          `GET ${path(name)}/log?container=${container}&${query}`,
        );
        return status === 200
          ? JSON.stringify(body).replaceAll('\\n', '\n').slice(1, -1)
          : `${status}`;
      });
      return (await Promise.all(all)).join('');
    };
    const recent = (await logs('sinceSeconds=120')).split('\n').filter((line) => line !== '');
    const whole = await logs('');
    const { body: metrics } = await cluster.send(
      `GET /api/v1/namespaces/kube-system/pods/${names[0] ?? ''}:9090/proxy/metrics`,
    );

    expect(names).toHaveLength(3);
    expect(
      recent.filter((line) => line.includes('has been matched')).length,
    ).toBeGreaterThanOrEqual(20);
    expect(recent.every((line) => line.startsWith('I1124 08:'))).toBe(true);
    expect(whole).toContain('pay/ledger-7d4-k2x has been matched with azure identity pay/kv-id');
    expect(metrics).toMatch(
      /nmi_operations_duration_seconds_count\{namespace="pay",.*status_code="200"\} \d+/,
    );
  });
});
