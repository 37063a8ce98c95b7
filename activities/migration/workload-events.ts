import type { KubeApi } from '../../clients/kubernetes/kube-api';
import { objectAt, textIn } from '../../domain/migration/json';
import type { Json } from '../../domain/migration/snapshot';

/** Events of a workload and of what it has made, since a time. */
export async function eventsSince(
  kube: KubeApi,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  since: string,
): Promise<readonly Json[]> {
  const events = (await kube.list(`/api/v1/namespaces/${namespace}/events`)) ?? [];
  return events.filter((event) => isAbout(event, name) && timeOf(event) >= since);
}

/** What a workload makes has a name that begins with its own. */
function isAbout(event: Json, name: string): boolean {
  const about = textIn(objectAt(event, 'involvedObject')['name']);
  return about === name || about.startsWith(`${name}-`);
}

function timeOf(event: Json): string {
  const times = [event['lastTimestamp'], event['eventTime'], event['firstTimestamp']];
  const text = textIn(times.find((one) => typeof one === 'string'));
  return text === '' ? '' : new Date(text).toISOString();
}
