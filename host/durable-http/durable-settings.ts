import { type AppSettings, resolveNames } from '../app-settings';
import { defaultSettings, type DurableSettings } from '../durable/contract';
import { isObject, type JsonObject } from '../json';

/** What `extensions.durableTask` of host.json means, defaults filled in. */
export function toDurableSettings(
  durableTask: JsonObject,
  settings: Pick<AppSettings, 'get'>,
): DurableSettings {
  const count = (name: keyof DurableSettings): number => {
    const value = durableTask[name];
    return typeof value === 'number' && value > 0 ? value : Number(defaultSettings[name]);
  };
  const hubName = durableTask['hubName'];
  const { defaultVersion, httpSettings } = durableTask;
  const sleepMs = isObject(httpSettings)
    ? httpSettings['defaultAsyncRequestSleepTimeMilliseconds']
    : undefined;
  return {
    hubName:
      typeof hubName === 'string' ? resolveNames(hubName, settings) : defaultSettings.hubName,
    maxConcurrentActivityFunctions: count('maxConcurrentActivityFunctions'),
    maxConcurrentOrchestratorFunctions: count('maxConcurrentOrchestratorFunctions'),
    maxConcurrentEntityFunctions: count('maxConcurrentEntityFunctions'),
    maxEntityOperationBatchSize: count('maxEntityOperationBatchSize'),
    maxOrchestrationActions: count('maxOrchestrationActions'),
    overridableExistingInstanceStates:
      durableTask['overridableExistingInstanceStates'] === 'AnyState'
        ? 'AnyState'
        : 'NonRunningStates',
    ...(typeof defaultVersion === 'string' ? { defaultVersion } : {}),
    httpSleepMs: typeof sleepMs === 'number' ? sleepMs : defaultSettings.httpSleepMs,
  };
}
