import * as df from 'durable-functions';
import { ActivityHandler, OrchestrationContext, OrchestrationHandler, RetryOptions } from 'durable-functions';

let calls = 0;

const callActivityWithRetry: OrchestrationHandler = function* (context: OrchestrationContext) {
  const firstRetryIntervalInMilliseconds = 1000;
  const maxNumberOfAttempts = 3;
  const retryOptions: RetryOptions = new df.RetryOptions(
    firstRetryIntervalInMilliseconds,
    maxNumberOfAttempts,
  );
  retryOptions.maxRetryIntervalInMilliseconds = 10_000;

  const answer: string = yield context.df.callActivityWithRetry('flakyFunction', retryOptions, 'hi');
  try {
    yield context.df.callSubOrchestratorWithRetry('alwaysFails', retryOptions, {});
  } catch (error) {
    return { answer, child: error.message.includes('no luck') };
  }
  return { answer, child: 'no error' };
};
df.app.orchestration('callActivityWithRetry', callActivityWithRetry);

const flakyFunction: ActivityHandler = (input: string): string => {
  calls += 1;
  if (calls < 3) {
    throw new Error(`not the ${calls}. time`);
  }
  return `${input} after ${calls} calls`;
};
df.app.activity('flakyFunction', { handler: flakyFunction });

df.app.orchestration('alwaysFails', function* (context: OrchestrationContext) {
  yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 1000));
  throw new Error('no luck');
});
