import * as df from 'durable-functions';

// What operations people do with instances: suspend, resume, terminate, rewind, restart, purge
df.app.orchestration('approval', function* (context) {
  const approved = yield context.df.waitForExternalEvent('approval');
  if (!approved) throw new Error('refused');
  return yield context.df.callActivity('publish', { by: context.df.instanceId });
});

let publishable = false;
df.app.activity('publish', {
  handler: ({ by }) => {
    if (!publishable) {
      publishable = true;
      throw new Error('not now');
    }
    return `published by ${by}`;
  },
});
