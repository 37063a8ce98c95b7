import * as z from 'zod';

import { text } from '../lenient';
import type { KubernetesReading, SecretStore } from '../snapshot';

const labels = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? {});

const KubernetesObject = z.object({
  kind: text,
  metadata: z.object({ name: text, namespace: text, labels, annotations: labels }),
  spec: z.record(z.string(), z.unknown()).nullish(),
});
type KubernetesObject = z.infer<typeof KubernetesObject>;

/** What Kubernetes objects tell about the identities of a cluster. Objects of other forms tell nothing. */
export function kubernetesReading(objects: readonly unknown[]): KubernetesReading {
  const known = objects.flatMap((object) => {
    const parsed = KubernetesObject.safeParse(object);
    return parsed.success ? [parsed.data] : [];
  });
  return {
    standardPodIdentity: known.some(isStandardController),
    certificateVaults: [...new Set(known.flatMap(certificateVault))],
    secretStores: known.flatMap(secretStore),
  };
}

const labelNames = ['app.kubernetes.io/component', 'component', 'app'];

/** In standard mode the controller `mic` assigns identities to scale sets, with the kubelet's rights. */
function isStandardController({ kind, metadata }: KubernetesObject): boolean {
  if (!['Deployment', 'DaemonSet'].includes(kind)) return false;
  const names = [metadata.name, ...labelNames.map((label) => metadata.labels[label] ?? '')];
  return names.some((name) => /^(aad-pod-identity-)?(mic|nmi)$/.test(name));
}

const vaultHost = /^https:\/\/([^./]+)\.vault\./i;

function certificateVault({ kind, metadata, spec }: KubernetesObject): readonly string[] {
  const annotated = metadata.annotations['kubernetes.azure.com/tls-cert-keyvault-uri'];
  const controller =
    kind === 'NginxIngressController' ? spec?.['defaultSSLCertificate'] : undefined;
  const named = z.object({ keyVaultURI: z.string() }).safeParse(controller);
  const uris = [annotated, named.success ? named.data.keyVaultURI : undefined];
  return uris.flatMap((uri) => vaultHost.exec(uri ?? '')?.[1] ?? []);
}

const Parameters = z.object({
  useVMManagedIdentity: text,
  userAssignedIdentityID: text,
  keyvaultName: text,
  objects: text,
});

function secretStore({ kind, metadata, spec }: KubernetesObject): readonly SecretStore[] {
  if (kind !== 'SecretProviderClass') return [];
  const parsed = Parameters.safeParse(spec?.['parameters']);
  if (!parsed.success || parsed.data.useVMManagedIdentity.toLowerCase() !== 'true') return [];
  const { userAssignedIdentityID, keyvaultName, objects } = parsed.data;
  const types = [...objects.matchAll(/objectType"?\s*:\s*"?(\w+)/gi)].map(([, type = '']) =>
    type.toLowerCase(),
  );
  return [
    {
      name: `${metadata.namespace}/${metadata.name}`,
      clientId: userAssignedIdentityID,
      vault: keyvaultName,
      // A secret is also how a certificate with its private key is read.
      secrets: types.length === 0 || types.includes('secret'),
      certificates: types.includes('cert') || types.includes('certificate'),
    },
  ];
}
