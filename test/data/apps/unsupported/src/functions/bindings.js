const { app, input, output } = require('@azure/functions');
const df = require('durable-functions');

const queue = output.storageQueue({ queueName: 'orders', connection: 'AzureWebJobsStorage' });
const table = input.table({ tableName: 'orders', connection: 'AzureWebJobsStorage' });

app.storageQueue('onQueue', {
  queueName: 'orders',
  connection: 'AzureWebJobsStorage',
  handler: () => undefined,
});
app.storageBlob('onBlob', {
  path: 'files/{name}',
  connection: 'AzureWebJobsStorage',
  handler: () => undefined,
});
app.serviceBusTopic('onTopic', {
  topicName: 't',
  subscriptionName: 's',
  connection: 'SERVICE_BUS',
  handler: () => undefined,
});
app.cosmosDB('onDocument', {
  databaseName: 'd',
  containerName: 'c',
  connection: 'COSMOS',
  handler: () => undefined,
});
app.http('enqueue', {
  authLevel: 'anonymous',
  extraOutputs: [queue],
  handler: (request, context) => {
    context.extraOutputs.set(queue, 'order');
    return { body: 'enqueued' };
  },
});
app.http('readTable', {
  authLevel: 'anonymous',
  extraInputs: [table],
  handler: (request, context) => ({ jsonBody: context.extraInputs.get(table) }),
});
app.timer('writeBlob', {
  schedule: '0 0 0 1 1 *',
  runOnStartup: true,
  return: output.storageBlob({ path: 'a/b', connection: 'AzureWebJobsStorage' }),
  handler: () => 'content',
});
app.http('works', { authLevel: 'anonymous', handler: () => ({ body: 'works' }) });
df.app.activity('storeOrder', { extraOutputs: [queue], handler: () => 'stored' });
df.app.orchestration('order', function* (context) {
  return yield context.df.callActivity('storeOrder', {});
});
app.http('start', {
  route: 'orchestrators/{name}',
  authLevel: 'anonymous',
  methods: ['POST'],
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const client = df.getClient(context);
    return client.createCheckStatusResponse(request, await client.startNew(request.params.name));
  },
});
