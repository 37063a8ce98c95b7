/** A version of Kubernetes as `major * 1000 + minor`, such as 1032; 0 for what is no version, older than any. */
export function serverVersion(gitVersion: string): number {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  return major === undefined ? 0 : Number(major) * 1000 + Number(minor);
}

/** From here the proxy is a native sidecar, which ends with the pod and starts before init containers. */
export const nativeSidecarVersion = 1032;

/** Service-account tokens can be projected for Entra from here. */
export const oldestVersion = 1022;
