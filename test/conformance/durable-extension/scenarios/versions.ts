import * as df from 'durable-functions';

import type { Topic } from './scenario';

/** Instances with a version; `host.json` says which one is the default. */
export const versions: Topic = {
  register() {
    df.app.orchestration('versioned', function* (context) {
      const child = (yield context.df.callSubOrchestrator('versionedChild')) as unknown;
      return { own: context.df.version ?? null, child };
    });
    df.app.orchestration('versionedChild', function* (context) {
      yield* [];
      return context.df.version ?? null;
    });
  },
  scenarios: {
    'no version': (hub) => hub.run('versioned'),
    'an older version': (hub) => hub.run('versioned', null, { version: '1.0' }),
    'the default version': (hub) => hub.run('versioned', null, { version: '2.0' }),
    'a newer version': async (hub) => {
      const id = await hub.start('versioned', { version: '3.0' });
      return hub.stuck(id, () => true);
    },
  },
};
