'use strict';
const { app } = require('@azure/functions');
const df = require('durable-functions');

const forEver = () => new Promise(() => setInterval(() => undefined, 1000));

if (process.env.WITH_ENDLESS) {
  app.timer('endlessTimer', { schedule: '0 0 0 1 1 *', runOnStartup: true, handler: forEver });
  app.http('endless', {
    authLevel: 'anonymous',
    handler: (_request, context) => {
      context.log('will not end');
      return forEver();
    },
  });
  df.app.activity('endlessActivity', { handler: forEver });
  df.app.orchestration('endlessOrchestration', function* (context) {
    yield context.df.callActivity('endlessActivity');
  });
}
