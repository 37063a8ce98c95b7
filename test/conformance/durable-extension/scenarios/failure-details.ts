import * as df from 'durable-functions';

import type { Topic } from './scenario';

class QuotaExceeded extends Error {
  override readonly name = 'QuotaExceeded';
  readonly code = 'E429';
}

/** Failures of an app that says what belongs to them. */
export const failureDetails: Topic = {
  register() {
    df.app.setExceptionPropertiesProvider({
      getExceptionProperties: (error) =>
        error instanceof QuotaExceeded
          ? { code: error.code, regions: ['north', 'west'] }
          : undefined,
    });
    df.app.activity('exceeds', {
      handler: (kind: string) => {
        throw kind === 'quota' ? new QuotaExceeded('too many') : new TypeError('another error');
      },
    });
    df.app.orchestration('readsDetails', function* (context) {
      try {
        yield context.df.callActivity('exceeds', context.df.getInput());
      } catch (error) {
        const { name, message, failureDetails } = error as df.TaskFailedError;
        const { errorType, errorMessage, properties } = failureDetails;
        return { name, message, errorType, errorMessage, properties };
      }
      return 'nothing was thrown';
    });
  },
  scenarios: {
    'details of an error that has properties': (hub) => hub.run('readsDetails', 'quota'),
    'details of an error that has none': (hub) => hub.run('readsDetails', 'other'),
  },
};
