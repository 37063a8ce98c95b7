import type { JsonObject } from './json';
import { visible } from './resource-store';
import type { Resource } from './resource-store';
import type { ArmRequest, ArmResponse } from './provider';
import type { World } from './world';

/** A list answer: one page of resources and, when there are more, the absolute link to the next one. */
export function listAnswer(
  request: ArmRequest,
  resources: readonly Resource[],
  world: World,
): ArmResponse {
  return pageAnswer(request, resources.map(visible), world);
}

/** Like `listAnswer`, for things that are no resources of their own. */
export function pageAnswer(
  request: ArmRequest,
  items: readonly JsonObject[],
  { behaviour }: World,
): ArmResponse {
  const { query, origin, id } = request;
  const from = Number(query.get('$skiptoken') ?? query.get('$skipToken') ?? 0) || 0;
  const wanted = Number(query.get('$top') ?? behaviour.pageSize);
  const size = wanted > 0 ? Math.min(wanted, behaviour.pageSize) : behaviour.pageSize;
  const value = items.slice(from, from + size);
  if (from + size >= items.length) return { status: 200, body: { value } };
  const next = new URLSearchParams(query);
  next.set('$skiptoken', String(from + size));
  return { status: 200, body: { value, nextLink: `${origin}${id}?${next.toString()}` } };
}
