import { canonicalArmId, sameArmId } from '../ids';
import type { ClusterView } from '../snapshot';
import type { Link, MatrixRow, RolePolicy } from './matrix-row';
import { groupOf, joinSubnet, linksTo, parentOf } from './matrix-row';

const gateway = 'addon:ingressapplicationgateway';
const secretsProvider = 'addon:azurekeyvaultsecretsprovider';
const existingGateway = 'AGIC with an existing gateway in another resource group';

const readSecret = ['Microsoft.KeyVault/vaults/secrets/getSecret/action'];
const readCertificate = ['Microsoft.KeyVault/vaults/certificates/read', ...readSecret];

/** Source: "Summary of managed identities used by AKS", "Application routing", "Virtual nodes". */
export const addOnRows: readonly MatrixRow[] = [
  {
    id: 'RR-AGIC-GW',
    principal: gateway,
    role: 'Network Contributor',
    leastPrivilege: [
      'Microsoft.Network/applicationGateways/read',
      'Microsoft.Network/applicationGateways/write',
      ...joinSubnet,
    ],
    links: gatewayGroups,
  },
  {
    id: 'RR-AGIC-READER',
    principal: gateway,
    role: 'Reader',
    leastPrivilege: ['Microsoft.Resources/subscriptions/resourceGroups/read'],
    links: gatewayGroups,
  },
  {
    id: 'RR-AGIC-SUBNET',
    principal: gateway,
    role: 'Network Contributor',
    leastPrivilege: joinSubnet,
    links: (view) => linksTo([configOf(view, gateway)?.['subnetid']], 'AGIC subnetId'),
  },
  {
    id: 'RR-ACI-SUBNET',
    principal: 'addon:aciconnectorlinux',
    role: 'Network Contributor',
    leastPrivilege: joinSubnet,
    links: virtualNodeSubnet,
  },
  {
    id: 'RR-APPR-DNS',
    principal: 'webAppRouting',
    role: 'DNS Zone Contributor',
    leastPrivilege: ['Microsoft.Network/dnsZones/*'],
    links: (view) => dnsZones(view, 'dnszones'),
  },
  {
    id: 'RR-APPR-PDNS',
    principal: 'webAppRouting',
    role: 'Private DNS Zone Contributor',
    leastPrivilege: ['Microsoft.Network/privateDnsZones/*'],
    links: (view) => dnsZones(view, 'privatednszones'),
  },
  {
    id: 'RR-APPR-KV',
    principal: 'webAppRouting',
    role: 'Key Vault Certificate User',
    leastPrivilege: readCertificate,
    links: certificateVaults,
  },
  {
    id: 'RR-CSI-KV',
    principal: secretsProvider,
    role: 'Key Vault Secrets User',
    leastPrivilege: readSecret,
    links: secretVaults,
  },
];

function configOf(
  { addOns }: ClusterView,
  principal: string,
): Readonly<Record<string, string>> | undefined {
  return addOns.find(({ key }) => `addon:${key}` === principal)?.config;
}

function gatewayGroups(view: ClusterView): readonly Link[] {
  const config = configOf(view, gateway);
  const id = config?.['applicationgatewayid'] ?? config?.['effectiveapplicationgatewayid'] ?? '';
  if (id === '' || sameArmId(groupOf(id), groupOf(view.armId))) return [];
  return linksTo([groupOf(id)], existingGateway);
}

/** The add-on names its subnet only; it lies in the network of the first pool. */
function virtualNodeSubnet(view: ClusterView): readonly Link[] {
  const name = configOf(view, 'addon:aciconnectorlinux')?.['subnetname'];
  const first = view.nodePools[0]?.subnet;
  if (name === undefined || name === '' || first === undefined) return [];
  return linksTo([`${parentOf(first)}/subnets/${name}`], 'virtual node subnet');
}

function dnsZones({ appRouting }: ClusterView, type: string): readonly Link[] {
  const zones = appRouting?.dnsZones ?? [];
  return linksTo(
    zones.filter((zone) => canonicalArmId(zone).split('/').at(-2) === type),
    'ingressProfile.webAppRouting.dnsZoneResourceIds',
  );
}

function certificateVaults(view: ClusterView, policy: RolePolicy): readonly Link[] {
  if (!view.appRouting) return [];
  const used = (view.kubernetes?.certificateVaults ?? []).map((name) => vaultNamed(view, name));
  return [
    ...linksTo(policy.certificateVaults ?? [], 'policy: vault of application routing'),
    ...linksTo(used, 'certificates of application routing'),
  ];
}

function secretVaults(view: ClusterView): readonly Link[] {
  const own = view.addOns.find(({ key }) => `addon:${key}` === secretsProvider)?.identity;
  const stores = view.kubernetes?.secretStores ?? [];
  return stores
    .filter(({ clientId }) => clientId !== '' && clientId === own?.clientId)
    .flatMap(({ vault, name, secrets, certificates }) => {
      const why = `SecretProviderClass ${name}`;
      const links = linksTo([vaultNamed(view, vault)], why);
      const forCertificates = links.map((link): Link => ({
        ...link,
        role: 'Key Vault Certificate User',
        leastPrivilege: readCertificate,
      }));
      return [...(secrets ? links : []), ...(certificates ? forCertificates : [])];
    });
}

function vaultNamed({ vaults = [] }: ClusterView, name: string): string | undefined {
  return vaults.find((vault) => vault.name.toLowerCase() === name.toLowerCase())?.id;
}
