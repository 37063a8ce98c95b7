import { at, objectAt, objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import { namespaceOf, resourceOf } from '../controllers/objects';
import type { AppSettings } from '../life-settings';
import { boundIdentities } from '../pod-identity/matching';
import { modeOfCluster } from '../pod-identity/mode';
import type { KubeObject } from '../resource-table';
import { prefix } from '../webhooks/injection';
import type { App } from './app-facts';
import { templateOf, workloadOf } from './workload-of';
import type { Place, Workload } from './workload-of';

/** The app of a pod: what the settings say, else what it had to begin with. What it is once known for stays. */
export function appOf(pod: KubeObject, place: Place): App {
  const workload = workloadOf(pod, place);
  const { world, cluster } = place;
  const settings: AppSettings = world.behaviour.kubernetes.apps[workload.key] ?? {};
  const known = world.probes.appOf(cluster.id, workload.key) ?? firstSeen(pod, workload, place);
  return {
    uses: settings.uses ?? known.uses,
    asksBy: settings.asksBy ?? known.asksBy,
    clientId: settings.clientId ?? known.clientId,
  };
}

function firstSeen(pod: KubeObject, workload: Workload, place: Place): App {
  const app = guessed(pod, templateOf(workload) ?? pod, place);
  if (app.clientId !== '') place.world.probes.keepApp(place.cluster.id, workload.key, app);
  return app;
}

function guessed(pod: KubeObject, template: JsonObject, place: Place): App {
  const own = environmentOf(template, 'AZURE_CLIENT_ID');
  const bound = boundIdentities(pod, modeOfCluster(place), place);
  const clientId = own ?? bound[0]?.clientId ?? annotated(pod, template, place) ?? '';
  const labels = objectAt(template, 'metadata', 'labels');
  const annotations = objectAt(template, 'metadata', 'annotations');
  const direct =
    labels[`${prefix}/use`] === 'true' &&
    annotations[`${prefix}/inject-proxy-sidecar`] === undefined;
  const byNothing = own === undefined && bound.length === 1 && isIntercepted(template);
  return {
    uses: direct ? 'sdk' : 'imds',
    asksBy: byNothing ? 'nothing' : 'clientId',
    clientId,
  };
}

/** The first value that a container of a template gives a variable. */
function environmentOf(template: JsonObject, variable: string): string | undefined {
  return objectsAt(template, 'spec', 'containers')
    .flatMap((container) => objectsAt(container, 'env'))
    .filter(({ name }) => name === variable)
    .map((one) => textAt(one, 'value'))
    .find((value) => value !== undefined);
}

function annotated(pod: KubeObject, template: JsonObject, place: Place): string | undefined {
  const account = place.world.objects.get({
    cluster: place.cluster.id,
    resource: resourceOf.ServiceAccount,
    namespace: namespaceOf(pod),
    name: textAt(template, 'spec', 'serviceAccountName') ?? 'default',
  });
  return textAt(account?.metadata, 'annotations', `${prefix}/client-id`);
}

function isIntercepted(template: JsonObject): boolean {
  return at(template, 'spec', 'hostNetwork') !== true && !isWindows(template);
}

export function isWindows(template: JsonObject): boolean {
  const selector = objectAt(template, 'spec', 'nodeSelector');
  const wanted = [
    textAt(template, 'spec', 'os', 'name'),
    textAt(selector, 'kubernetes.io/os'),
    textAt(selector, 'beta.kubernetes.io/os'),
  ];
  return wanted.includes('windows');
}
