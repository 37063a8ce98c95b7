'use strict';
const { app } = require('@azure/functions');

const settings = ['FROM_FILE', 'FROM_ENVIRONMENT', 'FROM_OPTIONS', 'WEBSITE_HOSTNAME', 'NO_PROXY'];

app.http('hello', {
  route: 'hello/{name}',
  authLevel: 'anonymous',
  handler: async (request, context) => {
    context.log('greeting');
    return { jsonBody: { greeting: `Hello ${request.params.name}`, body: await request.text() } };
  },
});
app.http('settings', {
  authLevel: 'anonymous',
  handler: () => ({ jsonBody: Object.fromEntries(settings.map((n) => [n, process.env[n]])) }),
});
app.http('secret', { authLevel: 'function', handler: () => ({ body: 'opened' }) });
app.http('switchedOff', { authLevel: 'anonymous', handler: () => ({ body: 'on' }) });
app.http('slow', {
  authLevel: 'anonymous',
  handler: () => new Promise((resolve) => setTimeout(() => resolve({ body: 'late' }), 1500)),
});
app.http('stray', {
  authLevel: 'anonymous',
  handler: () => {
    Promise.reject(new Error('nobody waits for this'));
    setTimeout(() => {
      throw new Error('thrown by a timer');
    }, 1);
    return { status: 202 };
  },
});
