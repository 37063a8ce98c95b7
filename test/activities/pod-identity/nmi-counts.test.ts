import { readNmiCounts } from '../../../activities/readings/pod-identity/nmi-counts';
import { requestsBetween } from '../../../domain/migration/nmi-silence';
import { asking, json, refusal } from '../../clients/kubernetes/an-api-server';

const pod = (name: string, image: string) => ({
  kind: 'Pod',
  metadata: { namespace: 'kube-system', name },
  spec: { containers: [{ name: 'nmi', image }] },
});
const pods = [
  pod('nmi-a', 'mirror/nmi:v1'),
  pod('nmi-b', 'mirror/nmi:v1'),
  pod('other', 'mirror/other:v1'),
];

/** What NMI pods serve: `down` for one that does not answer. */
const counted = async (served: Readonly<Record<string, number | 'down'>>) => {
  const { value, error, heard } = await asking(
    ({ url }, response) => {
      const [, name = ''] = /pods\/([^/]+):9090\/proxy\/metrics$/.exec(url.pathname) ?? [];
      const count = served[name] ?? 'down';
      if (count === 'down')
        json(response, refusal(503, 'ServiceUnavailable', 'dial tcp: refused'), 503);
      else
        response.end(
          `aadpodidentity_nmi_operations_duration_seconds_count{namespace="shop",operation_type="/host/token/"} ${count}\n`,
        );
    },
    (api) => readNmiCounts(api, pods),
  );
  expect(error).toBeUndefined();
  return { reading: value ?? {}, heard: heard.map(({ url }) => url.pathname) };
};

it('asks NMI pods, and no other, what they have counted', async () => {
  const { reading, heard } = await counted({ 'nmi-a': 3, 'nmi-b': 4 });

  expect(reading).toEqual({
    'kube-system/nmi-a': { requests: { shop: 3 } },
    'kube-system/nmi-b': { requests: { shop: 4 } },
  });
  expect(heard).toEqual(
    ['nmi-a', 'nmi-b'].map(
      (name) => `/api/v1/namespaces/kube-system/pods/${name}:9090/proxy/metrics`,
    ),
  );
});

it('takes a pod that does not answer for no silence', async () => {
  const before = await counted({ 'nmi-a': 3, 'nmi-b': 4 });
  const now = await counted({ 'nmi-a': 3, 'nmi-b': 'down' });
  const later = await counted({ 'nmi-a': 3, 'nmi-b': 4 });

  expect(requestsBetween(before.reading, now.reading).gaps).toEqual(['kube-system/nmi-b']);
  expect(requestsBetween(before.reading, later.reading)).toEqual({ asked: {}, gaps: [] });
});
