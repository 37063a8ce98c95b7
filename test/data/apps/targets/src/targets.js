const { app } = require('@azure/functions');
const df = require('durable-functions');

app.http('echo', {
  methods: ['GET', 'POST', 'PUT', 'DELETE'],
  authLevel: 'anonymous',
  route: 'echo/{id:int}/{name?}',
  handler: async (request) => ({
    jsonBody: { params: request.params, query: [...request.query], body: await request.text() },
  }),
});
app.http('rest', {
  authLevel: 'anonymous',
  route: 'files/{folder}/{*path}',
  handler: (request) => ({ jsonBody: { url: request.url, params: request.params } }),
});
app.http('locked', { authLevel: 'function', handler: () => ({ body: 'open' }) });
app.http('start', {
  route: 'start',
  methods: ['POST'],
  authLevel: 'anonymous',
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const client = df.getClient(context);
    return client.createCheckStatusResponse(request, await client.startNew('waiter'));
  },
});
const client = df.input.durableClient();
app.http('rpc', {
  authLevel: 'anonymous',
  extraInputs: [client],
  handler: (request, context) => ({ body: context.extraInputs.get(client).rpcBaseUrl }),
});
app.http('memory', {
  authLevel: 'anonymous',
  handler: () => {
    global.gc();
    return { jsonBody: process.memoryUsage().heapUsed };
  },
});
app.eventGrid('onEvent', { handler: () => undefined });
app.timer('yearly', { schedule: '0 0 0 1 1 *', handler: () => undefined });
df.app.entity('Box', (context) => context.df.setState(context.df.getInput()));
df.app.orchestration('waiter', function* (context) {
  return yield context.df.waitForExternalEvent('go');
});
