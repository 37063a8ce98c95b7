import { type AppFunction, isTriggeredBy } from '../loading/function-metadata';
import { unsupportedBindings } from '../loading/unsupported-bindings';

/** Why functions are not served, by their names. */
export type FunctionErrors = Map<string, string>;

/** An error of a function, in the words in which the Functions host tells it. */
export function toAzureError(appFunction: AppFunction, error: string): string {
  if (!isTriggeredBy(appFunction, 'timerTrigger')) return error;
  if (unsupportedBindings(appFunction).length > 0) return error; // which it has
  const source = error.startsWith("'%") ? 'Host' : 'Extensions';
  const { name } = appFunction;
  return `Microsoft.Azure.WebJobs.Host: Error indexing method 'Functions.${name}'. Microsoft.Azure.WebJobs.${source}: ${error}`;
}
