import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './support/bicep';
import { builtIn, broad } from './support/roles';
import {
  deployedBy,
  everything,
  ofType,
  parameterFolder,
  snapshotIn,
  steward,
} from './support/snapshots';
import type { Deployed, ParameterSet } from './support/snapshots';

interface Condition {
  readonly condition: string;
  readonly conditionVersion: string;
}

interface PolicyRule {
  readonly then: {
    readonly details: {
      readonly type: string;
      readonly name: string;
      readonly deployment: {
        readonly properties: { readonly parameters: Readonly<Record<string, object>> };
      };
    };
  };
}

const policyTemplate = JSON.parse(
  readFileSync(join(root, 'infra/fleet/policy-deployment.json'), 'utf8'),
) as { readonly parameters: object };

const roleAssignments = ofType('Microsoft.Authorization/roleAssignments');
const customRoles = ofType('Microsoft.Authorization/roleDefinitions');

function only(set: ParameterSet, type: string): Deployed {
  const found = deployedBy(set).filter((resource) => resource.type === type);
  const [first] = found;
  if (!first || found.length > 1) throw new Error(`${set} deploys ${found.length} of ${type}.`);
  return first;
}

describe.each(steward)('what %s deploys', (set) => {
  it('keeps data that only identities reach, encrypted on the way', () => {
    const { properties } = only(set, 'Microsoft.Storage/storageAccounts');

    expect(properties).toMatchObject({
      allowSharedKeyAccess: false,
      defaultToOAuthAuthentication: true,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
    });
    const containers = deployedBy(set).filter(({ type }) => type.endsWith('/containers'));
    expect(containers.map((container) => container.properties as object)).toEqual([
      { publicAccess: 'None' },
      { publicAccess: 'None' },
    ]);
  });

  it('serves HTTPS only, and publishes to identities only', () => {
    const { properties } = only(set, 'Microsoft.Web/sites');
    const publishing = deployedBy(set).filter(({ type }) =>
      type.endsWith('/basicPublishingCredentialsPolicies'),
    );

    expect(properties).toMatchObject({
      httpsOnly: true,
      siteConfig: { minTlsVersion: '1.2', scmMinTlsVersion: '1.2', ftpsState: 'Disabled' },
      functionAppConfig: {
        deployment: { storage: { authentication: { type: 'UserAssignedIdentity' } } },
      },
    });
    expect(publishing.map(({ name }) => name.split('/')[1])).toEqual(['ftp', 'scm']);
    for (const { properties: policy } of publishing) expect(policy).toEqual({ allow: false });
  });

  it('takes telemetry from identities only', () => {
    const component = only(set, 'Microsoft.Insights/components').properties as object;
    const workspace = only(set, 'Microsoft.OperationalInsights/workspaces').properties as object;

    expect(component).toMatchObject({ DisableLocalAuth: true });
    expect(workspace).toMatchObject({ features: { disableLocalAuth: true } });
  });

  it('has no right above its own resources', () => {
    const rights = deployedBy(set).filter(({ type }) => type.endsWith('/roleAssignments'));

    expect(rights.length).toBeGreaterThan(5);
    for (const { id } of rights) {
      expect(id).toMatch(
        /\/resourceGroups\/rg-[a-z]+\/providers\/.+\/providers\/.+roleAssignments/,
      );
    }
  });

  it('gives the fleet identity nothing: that is for the roles of a person', () => {
    const rights = JSON.stringify(
      deployedBy(set).filter(({ type }) => type.endsWith('/roleAssignments')),
    );

    expect(rights).toMatch(/id-host-/);
    expect(rights).not.toMatch(/id-fleet-/);
  });

  it('is one service for azd, and carries its tag everywhere', () => {
    const services = deployedBy(set).filter(({ tags }) => tags?.['azd-service-name'] === 'steward');
    const tagged = deployedBy(set).filter(({ tags }) => tags !== undefined);

    expect(services.map(({ type }) => type)).toEqual(['Microsoft.Web/sites']);
    expect(new Set(tagged.map(({ tags }) => tags?.['azd-env-name'])).size).toBe(1);
  });
});

describe('a closed network', () => {
  const deployed = deployedBy('private-dts');

  it('has no service that the internet reaches', () => {
    const open = deployed.filter(
      ({ properties }) =>
        (properties as { publicNetworkAccess?: string } | undefined)?.publicNetworkAccess ===
        'Enabled',
    );
    const shut = deployed.filter(
      ({ properties }) =>
        (properties as { publicNetworkAccess?: string } | undefined)?.publicNetworkAccess ===
        'Disabled',
    );

    expect(open).toEqual([]);
    expect(shut.map(({ type }) => type)).toEqual([
      'Microsoft.Storage/storageAccounts',
      'Microsoft.DurableTask/schedulers',
      'Microsoft.Web/sites',
    ]);
  });

  it('has an endpoint, with an address, for each of them', () => {
    const endpoints = deployed.filter(({ type }) => type === 'Microsoft.Network/privateEndpoints');
    const groups = endpoints.map(
      ({ properties }) =>
        (properties as { privateLinkServiceConnections: { name: string }[] })
          .privateLinkServiceConnections[0]?.name,
    );
    const addresses = deployed.filter(({ type }) => type.endsWith('/privateDnsZoneGroups'));

    expect(groups).toEqual(['blob', 'queue', 'table', 'scheduler', 'sites']);
    expect(addresses).toHaveLength(endpoints.length);
  });

  it('lets nobody in without a token: no path is left out, there is no webhook', () => {
    const auth = deployed.find(({ name }) => name.endsWith('/authsettingsV2'));

    expect(auth?.properties).toMatchObject({
      platform: { enabled: true },
      globalValidation: {
        requireAuthentication: true,
        unauthenticatedClientAction: 'Return401',
        excludedPaths: ['/api/health'],
      },
    });
    expect(JSON.stringify(auth)).not.toMatch(/secret/i);
  });
});

describe('rights', () => {
  it('go to services', () => {
    expect(roleAssignments.length).toBeGreaterThan(25);
    for (const [, { properties }] of roleAssignments) {
      expect(properties).toMatchObject({ principalType: 'ServicePrincipal' });
    }
  });

  it('are those of known roles, or of our own', () => {
    const own = customRoles.map(([, { name }]) => name);
    const used = roleAssignments.map(([, { properties }]) => roleOf(properties));

    const known = [...Object.values(builtIn), ...own];
    expect(used.filter((role) => !known.includes(role))).toEqual([]);
  });

  it('above a resource group are never broad', () => {
    const above = roleAssignments.filter(([, { id }]) => !id.includes('/resourceGroups/'));

    expect(above.map(([set]) => set)).toEqual(['policy', 'deployer', 'deployer']);
    const broadOnes = above.filter(([, { properties }]) => broad.includes(roleOf(properties)));
    expect(broadOnes).toEqual([]);
  });

  it('of the pipeline to assign roles are limited to those of the app, to services', () => {
    const assigners = roleAssignments.filter(
      ([, { properties }]) =>
        roleOf(properties) === builtIn['Role Based Access Control Administrator'],
    );

    const sets = assigners.map(([set]) => set);
    const { condition, conditionVersion } = assigners[0]?.[1].properties as Condition;
    const [assignable, removable] = ['Request', 'Resource'].map((source) => {
      const list = new RegExp(
        `@${source}\\[[^\\]]+:RoleDefinitionId\\] ForAnyOfAnyValues:GuidEquals {([^}]+)}`,
      );
      return list.exec(condition)?.[1]?.split(', ');
    });
    const appRoles = steward
      .flatMap((name) => deployedBy(name))
      .filter(({ type }) => type.endsWith('/roleAssignments'))
      .map((one) => roleOf(one.properties));
    expect(sets).toEqual(['deployer']);
    expect(conditionVersion).toBe('2.0');
    expect(new Set(assignable)).toEqual(new Set(appRoles));
    expect(removable).toEqual(assignable);
    expect(condition.match(/PrincipalType\] \S+ \{'ServicePrincipal'\}/g)).toHaveLength(2);
  });

  it('that we make up name what they allow', () => {
    expect(customRoles.map(([, { properties }]) => nameOf(properties))).toEqual([
      expect.stringMatching(/^Steward Pipeline Plan /),
      expect.stringMatching(/^Steward Pipeline Deploy /),
    ]);
    const actions = customRoles.flatMap(([, { properties }]) => actionsOf(properties));
    const wide = actions.filter((action) => action.includes('*'));
    expect(wide).toEqual(['Microsoft.Resources/deployments/*']);
  });

  it('over customers are those that Azure Lighthouse allows, without assigning roles', () => {
    const { authorizations } = only(
      'lighthouse',
      'Microsoft.ManagedServices/registrationDefinitions',
    ).properties as { authorizations: { roleDefinitionId: string }[] };

    expect(authorizations.map(({ roleDefinitionId }) => roleDefinitionId)).toEqual([
      builtIn['Reader'],
      builtIn['Azure Kubernetes Service Contributor Role'],
      builtIn['Managed Identity Contributor'],
    ]);
  });
});

describe('the policy', () => {
  const { policyRule, mode } = only('policy', 'Microsoft.Authorization/policyDefinitions')
    .properties as { policyRule: PolicyRule; mode: string };

  it('looks for the topic that cluster-events.bicep makes: a cluster can have one', () => {
    const topic = only('cluster-events', 'Microsoft.EventGrid/systemTopics');
    const { details } = policyRule.then;

    expect(mode).toBe('Indexed');
    expect(details.name).toBe(`[concat('evgt-steward-', uniqueString(toLower(field('id'))))]`);
    expect(topic.name).toMatch(/^evgt-steward-[a-z0-9]{13}$/);
    expect(details.deployment.properties.parameters['topicName']).toEqual({ value: details.name });
    expect(details.type).toBe(topic.type);
  });

  it('gives its template every parameter that it has, and no other', () => {
    const { parameters } = policyRule.then.details.deployment.properties;

    expect(Object.keys(parameters).sort()).toEqual(Object.keys(policyTemplate.parameters).sort());
  });
});

describe('names', () => {
  const forms: Readonly<Record<string, RegExp>> = {
    'Microsoft.Storage/storageAccounts': /^[a-z0-9]{3,24}$/,
    'Microsoft.Storage/storageAccounts/blobServices/containers': /^[a-z0-9](?:-?[a-z0-9]){2,62}$/,
    'Microsoft.Storage/storageAccounts/queueServices/queues': /^[a-z0-9](?:-?[a-z0-9]){2,62}$/,
    'Microsoft.Web/sites': /^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$/,
    'Microsoft.Web/serverfarms': /^[a-zA-Z0-9-]{1,60}$/,
    'Microsoft.ManagedIdentity/userAssignedIdentities': /^[a-zA-Z0-9][\w-]{2,127}$/,
    'Microsoft.OperationalInsights/workspaces': /^[a-zA-Z0-9][a-zA-Z0-9-]{2,61}[a-zA-Z0-9]$/,
    'Microsoft.DurableTask/schedulers': /^[a-zA-Z0-9-]{3,64}$/,
    'Microsoft.DurableTask/schedulers/taskHubs': /^[a-zA-Z][a-zA-Z0-9]{2,44}$/,
    'Microsoft.EventGrid/systemTopics': /^[a-zA-Z0-9-]{3,50}$/,
    'Microsoft.EventGrid/systemTopics/eventSubscriptions': /^[a-zA-Z0-9-]{3,64}$/,
    'Microsoft.Authorization/policyAssignments': /^[^<>*%&:\\?.+/\s]{1,24}$/,
    'Microsoft.Resources/resourceGroups': /^[\w().-]{0,89}[\w()-]$/,
    'Microsoft.Network/virtualNetworks': /^[a-zA-Z0-9][\w.-]{0,62}\w$/,
    'Microsoft.Network/privateEndpoints': /^[a-zA-Z0-9][\w.-]{0,62}\w$/,
  };

  it.each(Object.entries(forms))('of %s are such as Azure takes', (type, form) => {
    const names = ofType(type).map(([, { name }]) => name.split('/').at(-1) ?? '');

    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !form.test(name))).toEqual([]);
  });

  it('are each used once', () => {
    for (const set of steward) {
      const ids = deployedBy(set).map(({ id }) => id.toLowerCase());
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});

describe.each(steward)('the outputs of %s', (set) => {
  const { outputs } = snapshotIn(parameterFolder, set);

  it('are what the later phases need', () => {
    expect(Object.keys(outputs).sort()).toEqual([
      'AZURE_FUNCTION_NAME',
      'AZURE_LOCATION',
      'AZURE_RESOURCE_GROUP',
      'AZURE_TENANT_ID',
      'STEWARD_ACTION_GROUP_ID',
      'STEWARD_BASE_URL',
      'STEWARD_DEADLETTER_CONTAINER_URL',
      'STEWARD_EVENTS_IDENTITY_ID',
      'STEWARD_EVENT_DELIVERY',
      'STEWARD_FLEET_CLIENT_ID',
      'STEWARD_FLEET_PRINCIPAL_ID',
      'STEWARD_FUNCTION_APP_ID',
      'STEWARD_STORAGE_ACCOUNT_ID',
      'STEWARD_WATCHED',
    ]);
  });

  it('hold no secret, and nothing that holds one', () => {
    expect(JSON.stringify(outputs)).not.toMatch(/ConnectionString|InstrumentationKey|list\w*\(/i);
  });
});

describe('secrets', () => {
  it('are in no resource', () => {
    const text = JSON.stringify(everything.map(([, { properties }]) => properties as object));

    expect(text).not.toMatch(
      /AccountKey=|SharedAccessKey|list(Keys|Secrets|AccountSas)|"[^"]*password[^"]*":/i,
    );
  });
});

/** The id of the role that an assignment gives. */
function roleOf(properties: unknown): string {
  return (properties as { roleDefinitionId: string }).roleDefinitionId.split('/').at(-1) ?? '';
}

function nameOf(properties: unknown): string {
  return (properties as { roleName: string }).roleName;
}

function actionsOf(properties: unknown): readonly string[] {
  const { permissions } = properties as { permissions: { actions: string[] }[] };
  return permissions.flatMap(({ actions }) => actions);
}
