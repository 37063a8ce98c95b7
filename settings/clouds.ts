/** Where a cloud answers. The ARM and Graph endpoints are also the bases of their token scopes. */
export interface CloudEndpoints {
  readonly armEndpoint: string;
  readonly graphEndpoint: string;
  /** Of Microsoft Entra ID. */
  readonly authority: string;
}

/** Sources: the cloud tables of `@azure/identity`; Microsoft Graph, "National cloud deployments". */
export const clouds = {
  AzurePublicCloud: {
    armEndpoint: 'https://management.azure.com',
    graphEndpoint: 'https://graph.microsoft.com',
    authority: 'https://login.microsoftonline.com',
  },
  AzureUSGovernment: {
    armEndpoint: 'https://management.usgovcloudapi.net',
    graphEndpoint: 'https://graph.microsoft.us',
    authority: 'https://login.microsoftonline.us',
  },
  AzureChinaCloud: {
    armEndpoint: 'https://management.chinacloudapi.cn',
    graphEndpoint: 'https://microsoftgraph.chinacloudapi.cn',
    authority: 'https://login.chinacloudapi.cn',
  },
} as const satisfies Readonly<Record<string, CloudEndpoints>>;

export type Cloud = keyof typeof clouds;
