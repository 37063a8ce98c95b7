import { isAddonEnabled } from '../reading/fleet';
import type { Fleet } from '../reading/fleet';
import { objectIn, objectsIn, textIn } from '../json';
import type { FleetReading } from '../snapshot';
import { sortedBy } from '../reading/values';

/** R12: by subscription, whether nobody will need the preview feature of the add-on after this run. */
export function featureUnregister(
  subscriptions: FleetReading['subscriptions'],
  { clusters }: Fleet,
  inRun: ReadonlySet<string>,
): Readonly<Record<string, boolean>> {
  const verdicts = objectsIn(subscriptions).map((subscription) => {
    const id = textIn(subscription['subscriptionId']);
    const state = textIn(objectIn(subscription['features'])['EnablePodIdentityPreview']);
    const left = [...clusters].some(
      ([clusterId, cluster]) =>
        cluster.subscriptionId === id.toLowerCase() &&
        isAddonEnabled(cluster) &&
        !inRun.has(clusterId),
    );
    return [id, state.toLowerCase() === 'registered' && !left] as const;
  });
  return Object.fromEntries(sortedBy(verdicts, ([id]) => id));
}
