import images from '../../data/latest-images.json';
import { textAt } from '../../json';
import type { World } from '../../world';
import { locationOf } from './cluster';
import type { Cluster, Pool } from './cluster';

const offered: Readonly<Record<string, string>> = images;

/** The newest node image of a family in the cluster's region; a region may lag behind. */
export function latestImage(cluster: Cluster, family: string, { behaviour }: World): string {
  const region = locationOf(cluster);
  const version =
    behaviour.images[`${region}/${family}`] ?? behaviour.images[family] ?? offered[family];
  return `${family}-${version ?? offered['default'] ?? ''}`;
}

/** The image family of a pool: from the image it has, or from its operating system. */
export function familyOf(pool: Pool): string {
  const [, family] = /^(.+?)-\d[\d.-]*$/.exec(textAt(pool, 'nodeImageVersion') ?? '') ?? [];
  if (family !== undefined) return family;
  const sku = textAt(pool, 'osSKU') ?? textAt(pool, 'osType') ?? 'Ubuntu';
  const families: Readonly<Record<string, string>> = {
    AzureLinux: 'AKSAzureLinux-V3gen2',
    Windows: 'AKSWindows-2022-containerd',
    Windows2022: 'AKSWindows-2022-containerd',
  };
  return families[sku] ?? 'AKSUbuntu-2204gen2containerd';
}
