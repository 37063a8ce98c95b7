/**
 * Queries that Microsoft's Resource Graph samples, its resiliency library and its AKS checklist publish, or the
 * shapes of them, on the tables and types that the simulated Azure has.
 */
export const publishedQueries: Readonly<Record<string, string>> = {
  'count of resources': 'Resources\n| summarize count()',
  'resources by name': 'Resources\n| project name, type, location\n| order by name asc',
  'first five by name': `Resources
    | where type =~ 'Microsoft.ContainerService/managedClusters'
    | project name, properties.kubernetesVersion
    | top 5 by name desc`,
  'clusters by version': `Resources
    | where type =~ 'Microsoft.ContainerService/managedClusters'
    | summarize count() by tostring(properties.kubernetesVersion)`,
  'clusters by version and region': `resources
    | where type == "microsoft.containerservice/managedclusters"
    | extend version = tostring(properties.kubernetesVersion)
    | summarize Count = count(), Clusters = make_list(name) by version, location
    | order by Count desc, version asc`,
  'without a table': `where type == "microsoft.containerservice/managedclusters"
    | project subscriptionId, resourceGroup, name, properties.kubernetesVersion, properties.fqdn`,
  'with distinct': `where type=='microsoft.containerservice/managedclusters' | distinct name,resourceGroup`,
  'zones as compliance': `where type=='microsoft.containerservice/managedclusters'
    | extend compliant= isnotnull(zones) | distinct id,compliant`,
  'Entra integration as compliance': `where type=='microsoft.containerservice/managedclusters'
    | extend compliant = isnotnull(properties.aadProfile) | distinct id,compliant`,
  'pools of all clusters': `resources
    | where type =~ 'microsoft.containerservice/managedclusters'
    | mv-expand pool = properties.agentPoolProfiles
    | project cluster = name, pool = tostring(pool.name), size = tostring(pool.vmSize),
        nodes = toint(pool['count']), image = tostring(pool.nodeImageVersion)
    | order by cluster asc, pool asc`,
  'nodes by size': `resources
    | where type == 'microsoft.containerservice/managedclusters'
    | mv-expand pools = properties.agentPoolProfiles
    | summarize pools = count(), nodes = sum(toint(pools['count'])) by size = tostring(pools.vmSize)
    | where nodes > 0
    | order by nodes desc, size asc`,
  'pools without ephemeral disks': `resources
    | where type == "microsoft.containerservice/managedclusters"
    | mv-expand agentPoolProfile = properties.agentPoolProfiles
    | extend type = tostring(agentPoolProfile.osDiskType)
    | where type != 'Ephemeral'
    | project recommendationId="a7bfcc18", name=tostring(agentPoolProfile.name),
        id=strcat(id,"/agentPools/",agentPoolProfile.name), tags, param1=strcat("osDiskType: ", type)`,
  'clusters with pools of another system': `resources
    | where type == "microsoft.containerservice/managedclusters"
    | mv-expand agentPoolProfile = properties.agentPoolProfiles
    | where agentPoolProfile.osType == 'Linux' and agentPoolProfile.osSKU != 'AzureLinux'
    | extend clusterId = id,clusterName = name,nodePoolName = tostring(agentPoolProfile.name)
    | summarize pools = make_list(strcat("nodePoolName: ", nodePoolName)),anyClusterName = any(clusterName),anyTags = any(tags) by clusterId
    | project name = anyClusterName,id = clusterId,tags = anyTags, param1 = strcat_array(pools, ', ')`,
  'clusters with the name of the subscription': `Resources
    | where type == 'microsoft.containerservice/managedclusters'
    | project name, type, location, subscriptionId, resourceGroup
    | join (ResourceContainers | where type=='microsoft.resources/subscriptions' | project SubName=name, subscriptionId) on subscriptionId
    | project type, name, location, resourceGroup, SubName
    | limit 10`,
  'clusters with tags of the group': `resources
    | where type =~ 'microsoft.containerservice/managedclusters'
    | join kind=leftouter (
        resourcecontainers
        | where type =~ 'microsoft.resources/subscriptions/resourcegroups'
        | project groupTags = tags, resourceGroup, subscriptionId) on resourceGroup, subscriptionId
    | project id, name, team = tostring(groupTags['team'])
    | order by id asc`,
  'both containers in one': `resourcecontainers
    | where type=='microsoft.resources/subscriptions/resourcegroups'
    | project name, type | limit 5
    | union (resources | project name, type | limit 5)`,
  'all tag names': `Resources
    | where isnotempty(tags)
    | mv-expand tags
    | extend tagKey = tostring(bag_keys(tags)[0])
    | extend tagValue = tostring(tags[tagKey])
    | distinct tagKey, tagValue
    | where tagKey !startswith "hidden-"`,
  'scale sets by capacity': `Resources
    | where type=~ 'microsoft.compute/virtualmachinescalesets'
    | where name contains 'aks'
    | project subscriptionId, name, location, resourceGroup, Capacity = toint(sku.capacity), Tier = sku.name
    | order by Capacity desc`,
  'clusters and the principals of their assignments': `authorizationresources
    | where type =~ 'microsoft.authorization/roleassignments'
    | extend roleId = tolower(tostring(properties.roleDefinitionId)), principal = tostring(properties.principalId)
    | extend role = tostring(split(roleId, '/')[-1])
    | join kind=inner (
        authorizationresources
        | where type =~ 'microsoft.authorization/roledefinitions'
        | project role = name, roleName = tostring(properties.roleName)) on role
    | summarize assignments = count(), dcount(principal) by roleName
    | order by assignments desc, roleName asc`,
  'identities of clusters': `resources
    | where type == 'microsoft.managedidentity/userassignedidentities' or identity contains 'SystemAssigned'
    | extend managedidentity=iff(isnull(identity), properties, identity)
    | extend identityType=iff(isnull(identity), 'UserAssignedIdentity', 'SystemAssignedIdentity')
    | project name, id, type, tenantId, location, resourceGroup, subscriptionId, managedidentity, identityType`,
  'parts of an id': `resources
    | where type =~ 'microsoft.containerservice/managedclusters'
    | parse id with '/subscriptions/' subscription '/resourceGroups/' group '/' *
    | project subscription, group, upper = toupper(substring(name, 0, 3)), length = strlen(name)`,
  'clusters of a naming scheme': `resources
    | where type =~ 'microsoft.containerservice/managedclusters' and name matches regex @'^aks-[a-z]+-\\w+-[0-9]+$'
    | where location in~ ('westeurope', 'northeurope') or location has_any ('us', 'uk')
    | extend kind = case(name has 'batch', 'batch', name has 'web', 'web', 'other')
    | project name, kind`,
  'share of old clusters': `resources
    | where type =~ 'microsoft.containerservice/managedclusters'
    | summarize total = count(), old = countif(properties.kubernetesVersion startswith '1.3')
    | extend share = round(100.0 * old / total, 1)`,
  'small pools for workloads': `resources
    | where type =~ "Microsoft.ContainerService/managedClusters"
    | mv-expand pool = properties.agentPoolProfiles
    | extend taints = tostring(parse_json(pool.nodeTaints)), poolName = tostring(parse_json(pool.name))
    | where taints !has "CriticalAddonsOnly=true:NoSchedule"
    | where (pool.enableAutoScaling == true and pool["minCount"] < 2) or (pool.enableAutoScaling == false and pool["count"] < 4)
    | project name, id, tags, param1 = strcat("nodePoolName: ", poolName),
        param2 = iff(tobool(pool.enableAutoScaling), strcat("least: ", pool["minCount"]), strcat("nodes: ", pool["count"]))`,
  'clusters without backup': `resources
    | where type =~ 'Microsoft.ContainerService/managedClusters'
    | extend lname = tolower(name)
    | join kind=leftouter(recoveryservicesresources
        | where type =~ 'microsoft.dataprotection/backupvaults/backupinstances'
        | extend lname = tolower(tostring(split(properties.dataSourceInfo.resourceID, '/')[8]))
        | project lname, state = properties.currentProtectionState) on lname
    | where state != 'ProtectionConfigured'
    | extend param1 = iif(isnull(state), 'Protection Not Configured', strcat('Protection State: ', state))
    | project name, id, tags, param1`,
  'pools that outgrow their subnets': `resources
    | where type == "microsoft.containerservice/managedclusters"
    | mv-expand nodePools = properties.agentPoolProfiles
    | extend maxNodes = coalesce(toint(nodePools.maxCount), toint(nodePools['count'])), subnetId = tostring(nodePools.vnetSubnetID)
    | project clusterId = id, clusterName=name, nodePoolName=nodePools.name, toint(maxNodes), subnetId
    | join kind = leftouter (
        resources
        | where type == 'microsoft.network/virtualnetworks'
        | extend subnets = properties.subnets
        | mv-expand subnets
        | project id = tostring(subnets.id), addressPrefix = tostring(subnets.properties['addressPrefix'])
        | extend mask = toint(substring(addressPrefix, indexof(addressPrefix, '/')+1, string_size(addressPrefix)))
        | extend possible = toint(exp2(32-mask) - 5)) on $left.subnetId == $right.id
    | project-away id, mask
    | where possible <= maxNodes
    | project name=clusterName, id=clusterId, param1 = strcat(nodePoolName, " upper limit: ", maxNodes)`,
  'violations of policies by cluster': `PolicyResources
    | where type =~ 'Microsoft.PolicyInsights/PolicyStates'
    | where tostring(properties.complianceState) == 'NonCompliant'
    | where properties.resourceType =~ 'Microsoft.ContainerService/managedClusters'
    | extend id = tostring(properties.resourceId)
    | summarize count() by id
    | join kind=inner (resources | where type =~ 'Microsoft.ContainerService/managedClusters' | project id, name) on id
    | project id, name, param1=strcat("violations: ", count_)`,
  'last changes': `resourcechanges
    | extend changeTime = todatetime(properties.changeAttributes.timestamp), targetResourceId = tostring(properties.targetResourceId),
        changeType = tostring(properties.changeType), correlationId = properties.changeAttributes.correlationId,
        changedProperties = properties.changes, changeCount = properties.changeAttributes.changesCount
    | where changeTime > ago(1d)
    | order by changeTime desc
    | project changeTime, targetResourceId, changeType, correlationId, changeCount, changedProperties`,
  'last change of each resource': `resourcechanges
    | extend changeTime=todatetime(properties.changeAttributes.timestamp), targetResourceId=tostring(properties.targetResourceId)
    | project-away tags, name, type
    | where changeTime > ago(60m)
    | extend resourceId=tolower(targetResourceId)
    | summarize arg_max(changeTime, *) by resourceId
    | join kind=leftouter (
        resources
        | extend sourceResourceId=tolower(id)
        | project sourceResourceId, resourceName = name, resourceType = type) on $left.resourceId == $right.sourceResourceId
    | project-away sourceResourceId`,
  'changes by type and subscription': `resourcechanges
    | extend changeType = tostring(properties.changeType)
    | summarize count() by changeType, subscriptionId
    | join (resourcecontainers | where type=='microsoft.resources/subscriptions' | project SubscriptionName=name, subscriptionId) on subscriptionId
    | project-away subscriptionId, subscriptionId1
    | order by count_ desc`,
  'changes of a property': `resourcechanges
    | extend provisioningStateChange = properties.changes["properties.provisioningState"], changeTime = todatetime(properties.changeAttributes.timestamp), targetResourceId = tostring(properties.targetResourceId), changeType = tostring(properties.changeType)
    | where isnotempty(provisioningStateChange)and provisioningStateChange.newValue == "Succeeded"
    | order by changeTime desc
    | project changeTime, targetResourceId, changeType, provisioningStateChange.previousValue, provisioningStateChange.newValue`,
  'created in the last week': `resourcechanges
    | extend targetResourceId = tostring(properties.targetResourceId), changeType = tostring(properties.changeType), changeTime = todatetime(properties.changeAttributes.timestamp)
    | where changeTime > ago(7d) and changeType == "Create"
    | project  targetResourceId, changeType, changeTime
    | join ( Resources | extend targetResourceId=id) on targetResourceId
    | order by changeTime desc
    | project changeTime, changeType, id, resourceGroup, type, properties`,
};
