@export()
@description('Where Durable Functions keeps its task hub: in the storage account, or with the Durable Task Scheduler.')
type DurableBackend = 'storage' | 'dts'

@export()
@description('How Event Grid hands events over: it calls the function, or it puts them into a queue, which needs no key.')
type EventDelivery = 'function' | 'queue'

@export()
@description('Who lets callers in: function keys, or Microsoft Entra ID and app roles.')
type AuthMode = 'keys' | 'entra'

@export()
type PrivateClusters = 'direct' | 'runCommand'

@export()
@description('public: service endpoints on the internet, guarded by identities. private: a virtual network, private endpoints. closed: the same, and the app is reached from the network only.')
type Network = 'public' | 'private' | 'closed'

@export()
type NodeVersion = '22' | '24'

@export()
type Tags = {
  *: string
}

@export()
@description('Instances that are kept warm, by scaling group: http, durable, blob or function:<name>.')
type AlwaysReady = {
  name: string
  @minValue(1)
  instanceCount: int
}

@export()
@description('Every name, computed once in main.bicep: modules meet by names, not by outputs.')
type Names = {
  functionApp: string
  plan: string
  package: string
  storage: string
  hostIdentity: string
  fleetIdentity: string
  eventsIdentity: string
  workspace: string
  component: string
  actionGroup: string
  alertPrefix: string
  scheduler: string
  taskHub: string
  network: string
  securityGroup: string
}

@export()
@description('The queue and the container that Event Grid writes to.')
var eventsQueue = 'steward-events'

@export()
var deadLetters = 'deadletter'
