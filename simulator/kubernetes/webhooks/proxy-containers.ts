import type { JsonObject } from '../../json';

const registry = 'mcr.microsoft.com/oss/v2/azure/workload-identity';

/** The container that redirects what is meant for the metadata endpoint to the proxy. */
export function proxyInit(port: number, version: string): JsonObject {
  return {
    name: 'azwi-proxy-init',
    image: `${registry}/proxy-init:${version}`,
    imagePullPolicy: 'IfNotPresent',
    securityContext: {
      capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] },
      privileged: true,
      runAsNonRoot: false,
      runAsUser: 0,
    },
    env: [{ name: 'PROXY_PORT', value: String(port) }],
  };
}

/** The proxy that answers token requests for the metadata endpoint from the projected token. */
export function proxySidecar(
  port: number,
  { version, native }: { readonly version: string; readonly native: boolean },
): JsonObject {
  const level = '--log-level=info';
  return {
    name: 'azwi-proxy',
    image: `${registry}/proxy:${version}`,
    imagePullPolicy: 'IfNotPresent',
    args: [`--proxy-port=${port}`, level],
    ports: [{ containerPort: port, protocol: 'TCP' }],
    lifecycle: {
      postStart: { exec: { command: ['/proxy', `--proxy-port=${port}`, '--probe', level] } },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
    },
    ...(native && { restartPolicy: 'Always' }),
  };
}
