import { exchangeAudience } from '../credential-name';
import type { StaticInjection, TemplatePatch } from '../document';
import { sidecarAnnotation, useLabel } from '../words';
import type { AccountDecision } from './service-accounts';
import { defaultProxyPort, portAnnotation } from './sidecar-notes';
import type { SidecarSetting } from './sidecar-notes';

const tokenFolder = '/var/run/secrets/azure/tokens';

/** Section 3.3: what a workload's template gets. */
export function templatePatch({ draft, name, moved, identity }: AccountDecision): TemplatePatch {
  const { path, workload } = draft;
  const { sidecar } = path;
  const present = workload.template.annotations.has(sidecarAnnotation);
  return {
    labels: { [useLabel]: 'true' },
    annotations: sidecar ? sidecarAnnotations(sidecar) : {},
    removeAnnotations: !sidecar && present ? [sidecarAnnotation] : [],
    ...(moved && { serviceAccountName: name }),
    ...(sidecar?.pinProxyInit === true && { pinProxyInit: true }),
    ...(path.auth === 'static' && { staticInjection: staticInjection(identity) }),
  };
}

function sidecarAnnotations({ port }: SidecarSetting): TemplatePatch['annotations'] {
  return {
    [sidecarAnnotation]: 'true',
    ...(port !== defaultProxyPort && { [portAnnotation]: `${port}` }),
  };
}

/** What the webhook would inject, for where it does not come. */
function staticInjection({ clientId, tenantId }: AccountDecision['identity']): StaticInjection {
  return {
    env: {
      AZURE_CLIENT_ID: clientId,
      AZURE_TENANT_ID: tenantId,
      AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.com/',
      AZURE_FEDERATED_TOKEN_FILE: `${tokenFolder}/azure-identity-token`,
    },
    mountPath: tokenFolder,
    audience: exchangeAudience,
    expirationSeconds: 3600,
  };
}
