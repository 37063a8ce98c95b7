'use strict';
const { app } = require('@azure/functions');
const df = require('durable-functions');

df.app.activity('greet', { handler: (name) => `Hello ${name}` });
df.app.orchestration('greetAll', function* (context) {
  const greetings = [];
  for (const name of context.df.getInput()) {
    greetings.push(yield context.df.callActivity('greet', name));
  }
  return greetings;
});
df.app.orchestration('waitForGo', function* (context) {
  return yield context.df.waitForExternalEvent('go');
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
    return client.createCheckStatusResponse(request, id);
  },
});
