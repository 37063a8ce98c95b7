type Json = Readonly<Record<string, unknown>>;

/** Where Durable Functions keeps its histories: in Azure Storage, or in a Durable Task Scheduler. */
export type Backend = 'storage' | 'dts';

interface Parts {
  readonly durableTask: Json;
  readonly logLevel: Json;
}

const parts: Readonly<Record<Backend, Parts>> = {
  storage: {
    durableTask: {
      storageProvider: {
        type: 'AzureStorage',
        connectionName: 'AzureWebJobsStorage',
        partitionCount: 4,
        controlQueueBatchSize: 32,
        controlQueueBufferThreshold: 32,
        maxQueuePollingInterval: '00:00:30',
        useTablePartitionManagement: true,
      },
      maxConcurrentActivityFunctions: 10,
      maxConcurrentOrchestratorFunctions: 5,
    },
    logLevel: { 'DurableTask.AzureStorage': 'Warning' },
  },
  dts: {
    durableTask: {
      storageProvider: {
        type: 'azureManaged',
        connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING',
      },
    },
    logLevel: { 'DurableTask.AzureManagedBackend': 'Information' },
  },
};

/**
 * The `host.json` of a deployment: the one of this repository, and what belongs to the backend. App
 * settings could not switch it: the provider's own keys have none.
 */
export function hostJsonFor(source: Json, backend: Backend): Json {
  const { durableTask, logLevel } = parts[backend];
  const logging = child(source, 'logging');
  const extensions = child(source, 'extensions');
  return {
    ...source,
    logging: { ...logging, logLevel: { ...child(logging, 'logLevel'), ...logLevel } },
    extensions: {
      ...extensions,
      durableTask: {
        ...child(extensions, 'durableTask'),
        hubName: '%TASKHUB_NAME%',
        ...durableTask,
      },
    },
  };
}

function child(parent: Json, name: string): Json {
  return (parent[name] ?? {}) as Json;
}
