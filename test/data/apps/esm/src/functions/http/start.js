import { app } from '@azure/functions';
import * as df from 'durable-functions';

app.post('start', {
  route: 'orchestrators/{name}/{id?}',
  authLevel: 'anonymous',
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const client = df.getClient(context);
    const { name, id } = request.params;
    const instanceId = await client.startNew(name, { instanceId: id, input: await request.json() });
    return client.createCheckStatusResponse(request, instanceId);
  },
});
