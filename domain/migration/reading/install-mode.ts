import { objectsIn, textIn } from '../json';
import type { InstallMode } from '../document';
import type { FleetCluster } from './fleet';
import { isAddonEnabled } from './fleet';
import { allOf } from './kubernetes-objects';
import type { KubernetesObject, KubernetesState } from './kubernetes-objects';
import { hasPodIdentityObjects } from './pod-identity-objects';
import { hasImage, podTemplate } from './pod-template';
import type { PodTemplate } from './pod-template';
import { listIn } from './values';
import { micImage, nmiImage } from './workloads';

export interface Installation {
  readonly mode: InstallMode;
  /** Whether pods use identities of their own namespace only. */
  readonly namespaced: boolean;
  /** The add-on and an open-source installation beside it. */
  readonly both: boolean;
}

/** How pod identity is installed in a cluster. */
export function installation(cluster: FleetCluster, state: KubernetesState): Installation {
  const nmi = allOf(state, 'apps/DaemonSet').filter(isOwnNmi).map(podTemplate);
  if (isAddonEnabled(cluster)) return { mode: 'addon', namespaced: true, both: nmi.length > 0 };
  if (nmi.some((one) => flagsOf(one).includes('--operation-mode=managed'))) {
    return { mode: 'oss-managed', namespaced: true, both: false };
  }
  if (nmi.length > 0) {
    const mic = allOf(state, 'apps/Deployment')
      .map(podTemplate)
      .filter((template) => hasImage(template, micImage));
    return { mode: 'oss-standard', namespaced: [...nmi, ...mic].some(isForced), both: false };
  }
  const mode = hasPodIdentityObjects(state) ? 'residue' : 'none';
  return { mode, namespaced: false, both: false };
}

/** NMI that a person installed. The add-on's says that AKS manages it. */
function isOwnNmi(daemonSet: KubernetesObject): boolean {
  const template = podTemplate(daemonSet);
  return hasImage(template, nmiImage) && template.labels.get(managedBy) !== 'aks';
}

export const managedBy = 'kubernetes.azure.com/managedby';

/** Flags of the containers, in the one spelling `--name=value`. */
function flagsOf({ containers }: PodTemplate): readonly string[] {
  return containers.flatMap((container) => {
    const words = ['command', 'args'].flatMap((member) => listIn(container[member]).map(textIn));
    return words.flatMap((word, index) => {
      const flag = word.replace(/^--?(?=\w)/, '--');
      const next = words[index + 1] ?? '';
      return next.startsWith('-') || flag.includes('=') ? [flag] : [flag, `${flag}=${next}`];
    });
  });
}

function isForced(template: PodTemplate): boolean {
  const flags = flagsOf(template);
  const variables = template.containers.flatMap(({ env }) => objectsIn(env));
  return (
    flags.includes('--forceNamespaced=true') ||
    (flags.includes('--forceNamespaced') && !flags.includes('--forceNamespaced=false')) ||
    variables.some(
      ({ name, value }) =>
        textIn(name) === 'FORCENAMESPACED' && textIn(value).toLowerCase() === 'true',
    )
  );
}
