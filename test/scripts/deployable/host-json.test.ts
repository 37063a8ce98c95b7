import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { hostJsonFor } from '../../../scripts/deployable/host-json.mts';

const source = JSON.parse(readFileSync(join(__dirname, '../../../host.json'), 'utf8')) as Readonly<
  Record<string, unknown>
>;

const tracing = { distributedTracingEnabled: true, version: 'V2' };
const logLevel = {
  default: 'Information',
  'Host.Results': 'Information',
  Function: 'Information',
  'DurableTask.Core': 'Warning',
};

describe('the host.json that is deployed', () => {
  it.each(['storage', 'dts'] as const)('has what every deployment needs, for %s', (backend) => {
    expect(hostJsonFor(source, backend)).toMatchObject({
      version: '2.0',
      functionTimeout: '00:30:00',
      extensionBundle: {
        id: 'Microsoft.Azure.Functions.ExtensionBundle',
        version: '[4.*, 5.0.0)',
      },
      logging: { logLevel },
      extensions: {
        durableTask: { hubName: '%TASKHUB_NAME%', tracing },
      },
    });
  });

  it('keeps histories in Azure Storage, few at a time', () => {
    expect(durableTask(hostJsonFor(source, 'storage'))).toEqual({
      hubName: '%TASKHUB_NAME%',
      overridableExistingInstanceStates: 'NonRunningStates',
      tracing,
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
    });
  });

  it('keeps histories in a Durable Task Scheduler', () => {
    expect(durableTask(hostJsonFor(source, 'dts'))).toEqual({
      hubName: '%TASKHUB_NAME%',
      overridableExistingInstanceStates: 'NonRunningStates',
      tracing,
      storageProvider: {
        type: 'azureManaged',
        connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING',
      },
    });
  });

  it('logs what its own backend does, and nothing of the other', () => {
    expect(hostJsonFor(source, 'storage')).toHaveProperty('logging.logLevel', {
      ...logLevel,
      'DurableTask.AzureStorage': 'Warning',
    });
    expect(hostJsonFor(source, 'dts')).toHaveProperty('logging.logLevel', {
      ...logLevel,
      'DurableTask.AzureManagedBackend': 'Information',
    });
  });

  it('leaves alone what has nothing to do with the backend', () => {
    const queues = { batchSize: 16 };
    const made = hostJsonFor({ version: '2.0', extensions: { queues } }, 'dts');

    expect(made).toMatchObject({ version: '2.0', extensions: { queues } });
  });
});

function durableTask(hostJson: Readonly<Record<string, unknown>>): unknown {
  return (hostJson['extensions'] as Readonly<Record<string, unknown>>)['durableTask'];
}
