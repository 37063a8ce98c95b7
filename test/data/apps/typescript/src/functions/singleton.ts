import { app, HttpRequest, HttpResponse, HttpResponseInit, InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';

app.http('httpStartSingle', {
  route: 'orchestrators/{functionName}/{instanceId}',
  methods: ['POST'],
  authLevel: 'anonymous',
  extraInputs: [df.input.durableClient()],
  handler: async (
    request: HttpRequest,
    context: InvocationContext,
  ): Promise<HttpResponse | HttpResponseInit> => {
    const client = df.getClient(context);
    const { functionName, instanceId } = request.params;

    // Check if an instance with the specified ID already exists or an existing one stopped running
    const existingInstance = await client.getStatus(instanceId).catch(() => undefined);
    if (
      !existingInstance ||
      existingInstance.runtimeStatus === df.OrchestrationRuntimeStatus.Completed ||
      existingInstance.runtimeStatus === df.OrchestrationRuntimeStatus.Failed ||
      existingInstance.runtimeStatus === df.OrchestrationRuntimeStatus.Terminated
    ) {
      await client.startNew(functionName, { instanceId, input: await request.json() });
      context.log(`Started orchestration with ID = '${instanceId}'.`);
      return client.createCheckStatusResponse(request, instanceId);
    }
    // An instance with the specified ID exists or an existing one still running, don't create one.
    return { status: 409, body: `An instance with ID '${instanceId}' already exists.` };
  },
});
