import type { HttpHub } from '../harness/http-hub';
import type { Outcome } from '../scenarios/scenario';

/** An instance that has ended. */
export interface Instance extends Outcome {
  readonly id: string;
  readonly name: string;
}

interface Row {
  readonly instanceId: string;
  readonly name: string;
}

/** An instance and all below it, by id; an id is that of the parent, a dot and a suffix. */
export async function familyOf(hub: HttpHub, ancestor: string): Promise<readonly Instance[]> {
  const pages = await hub.pages(`instances?instanceIdPrefix=${ancestor}&showInput=false`);
  const family = (pages.flat() as Row[])
    .filter(({ instanceId }) => `${instanceId}.`.startsWith(`${ancestor}.`))
    .sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
  const instances: Instance[] = [];
  for (const { instanceId, name } of family) {
    const outcome = await hub.ended(instanceId);
    instances.push({ ...outcome, id: instanceId, name, history: comparable(name, outcome) });
  }
  return instances;
}

/** The clusters of a wave race each other; everything else happens in turn. */
function comparable(name: string, { history }: Outcome): readonly string[] {
  return name === 'onboardFleet' ? history.toSorted() : history;
}
