import * as df from 'durable-functions';
import { ActivityHandler, OrchestrationContext, OrchestrationHandler, Task } from 'durable-functions';

// Sub-orchestrations: one for each device of a fleet
const provisionDevices: OrchestrationHandler = function* (context: OrchestrationContext) {
  const deviceIds: string[] = yield context.df.callActivity('getNewDeviceIds');

  // Run multiple device provisioning flows in parallel
  const provisioningTasks: Task[] = [];
  let id = 0;
  for (const deviceId of deviceIds) {
    // Create a child ID from the parent ID
    const childId = context.df.instanceId + `:${id}`;
    provisioningTasks.push(
      context.df.callSubOrchestrator('deviceProvisioning', { deviceId }, childId),
    );
    id++;
  }

  const results: string[] = yield context.df.Task.all(provisioningTasks);
  return results;
};
df.app.orchestration('provisionDevices', provisionDevices);

df.app.orchestration('deviceProvisioning', function* (context: OrchestrationContext) {
  const { deviceId } = context.df.getInput<{ deviceId: string }>();
  const sasUrl: string = yield context.df.callActivity('createInstallationPackage', deviceId);
  yield context.df.callActivity('sendPackageUrlToDevice', { id: deviceId, url: sasUrl });
  context.df.setCustomStatus({ sent: deviceId });
  return sasUrl;
});

const getNewDeviceIds: ActivityHandler = (): string[] => ['lamp', 'door', 'oven'];
df.app.activity('getNewDeviceIds', { handler: getNewDeviceIds });
df.app.activity('createInstallationPackage', {
  handler: (deviceId: string): string => `https://packages.example/${deviceId}`,
});
df.app.activity('sendPackageUrlToDevice', { handler: (): void => undefined });
