import { lineage } from './arm-id';
import { textAt } from './json';
import type { Json } from './json';
import type { World } from './world';

/** Services without regions, whatever they are about. Source: "What is Azure RBAC?", which calls it global. */
const worldwide = /\/providers\/Microsoft\.Authorization\//i;

/** The region that a request is about: of the resource, of the nearest one above it, or the one that a write wants. */
export function locationOf(
  id: string,
  { resources }: Pick<World, 'resources'>,
  body?: Json,
): string {
  if (worldwide.test(id)) return '';
  for (const one of lineage(id)) {
    if (!/\/providers\//i.test(one)) break;
    const found = textAt(resources.get(one), 'location');
    if (found !== undefined) return found;
  }
  return textAt(body, 'location') ?? /\/locations\/([^/]+)/i.exec(id)?.[1] ?? '';
}
