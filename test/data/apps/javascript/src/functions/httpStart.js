const { app } = require('@azure/functions');
const df = require('durable-functions');

app.http('httpStart', {
  route: 'orchestrators/{orchestratorName}',
  methods: ['POST'],
  authLevel: 'anonymous',
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const client = df.getClient(context);
    const text = await request.text();
    const input = text ? JSON.parse(text) : undefined;
    const instanceId = await client.startNew(request.params.orchestratorName, { input });

    context.log(`Started orchestration with ID = '${instanceId}'.`);

    return client.createCheckStatusResponse(request, instanceId);
  },
});

app.http('httpSyncStart', {
  route: 'orchestrators/wait/{functionName}/{instanceId}',
  methods: ['POST'],
  authLevel: 'anonymous',
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const timeout = (request.query.get('timeout') ?? 30) * 1000;
    const retryInterval = (request.query.get('retryInterval') ?? 1) * 1000;
    const client = df.getClient(context);
    const { functionName, instanceId } = request.params;
    await client.startNew(functionName, { instanceId, input: await request.json() });
    return client.waitForCompletionOrCreateCheckStatusResponse(request, instanceId, {
      timeoutInMilliseconds: timeout,
      retryIntervalInMilliseconds: retryInterval,
    });
  },
});
