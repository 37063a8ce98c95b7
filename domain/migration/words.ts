/** Names that the Workload ID webhook and pod identity know. Source: azure-workload-identity and aad-pod-identity. */
export const useLabel = 'azure.workload.identity/use';
export const clientIdAnnotation = 'azure.workload.identity/client-id';
export const sidecarAnnotation = 'azure.workload.identity/inject-proxy-sidecar';
export const skipAnnotation = 'azure.workload.identity/skip-containers';
export const bindingLabel = 'aadpodidbinding';
export const proxyName = 'azwi-proxy';
export const proxyInitName = 'azwi-proxy-init';
export const webhookConfiguration = 'azure-wi-webhook-mutating-webhook-configuration';
export const podIdentityGroup = 'aadpodidentity.k8s.io';
