'use strict';
const { app } = require('@azure/functions');
const df = require('durable-functions');

df.app.activity('stray', {
  handler: (text) => {
    Promise.reject(new Error('nobody waits for this'));
    setTimeout(() => {
      throw new Error('thrown by a timer of the activity');
    }, 1);
    return text;
  },
});
df.app.orchestration('straying', function* (context) {
  return yield context.df.callActivity('stray', context.df.getInput());
});
app.http('start', {
  route: 'start/{name}/{id}',
  methods: ['POST'],
  authLevel: 'anonymous',
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const client = df.getClient(context);
    const { name, id } = request.params;
    await client.startNew(name, { instanceId: id, input: await request.json() });
    const status = await client.waitForCompletionOrCreateCheckStatusResponse(request, id, {
      timeoutInMilliseconds: 5000,
      retryIntervalInMilliseconds: 20,
    });
    return { jsonBody: { hostname: process.env.WEBSITE_HOSTNAME, output: await status.json() } };
  },
});
app.http('takesLong', {
  authLevel: 'anonymous',
  handler: (_request, context) => {
    context.log('has begun');
    return new Promise((resolve) => setTimeout(() => resolve({ body: 'done all the same' }), 300));
  },
});
