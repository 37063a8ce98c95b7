import type { KubeAnswer } from '../kube-request';
import { qualifiedName } from '../resource-table';
import { noSuchPath } from '../status';
import { writeContext } from '../stored-api';
import type { StoredRequest } from '../stored-api';
import { addressIn, notFound } from '../writes/write-context';
import { evict } from './eviction';
import { finalize } from './finalize';
import { podLog } from './log';
import { proxied } from './proxy';
import { onScale } from './scale';
import { onStatus } from './status';
import type { SubresourceRequest } from './subresource-request';
import { issueToken } from './token';

const handlers: Readonly<Record<string, (asked: SubresourceRequest) => KubeAnswer>> = {
  status: onStatus,
  scale: onScale,
  'serviceaccounts/token': issueToken,
  'pods/log': podLog,
  'pods/proxy': proxied,
  'pods/eviction': evict,
  'namespaces/finalize': finalize,
};

/** What stands below an object, such as its status, its scale, and the log of a pod. */
export function onSubresource(
  asked: StoredRequest & { readonly below: readonly string[] },
  written: string,
): KubeAnswer {
  const { resource, group, below, world } = asked;
  const [subresource = '', ...rest] = below;
  const handler =
    handlers[subresource] ?? handlers[`${qualifiedName(group, resource)}/${subresource}`];
  if (handler === undefined || !resource.subresources.includes(subresource)) return noSuchPath();
  const name = subresource === 'proxy' ? (written.split(':').find(isName) ?? written) : written;
  const context = writeContext(asked);
  const object = world.objects.get(addressIn(context, name));
  if (object === undefined) return notFound(context, name);
  return handler({ ...asked, object, name: subresource === 'proxy' ? written : name, rest });
}

/** `scheme:name:port` may stand for a pod behind the proxy. */
function isName(part: string): boolean {
  return !['http', 'https', ''].includes(part);
}
