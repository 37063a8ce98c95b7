// No "main" in package.json: this file is the app.
const df = require('durable-functions');
const { OrchestrationRuntimeStatus } = df;

df.app.setExceptionPropertiesProvider({
  getExceptionProperties: (error) => ({ code: error.code ?? 'none' }),
});

const double = df.app.activity('double', { handler: (n) => n * 2 });
const refuse = df.app.activity('refuse', {
  handler: () => {
    throw Object.assign(new RangeError('out of stock'), { code: 'E42' });
  },
});
const doubleAll = df.app.orchestration('doubleAll', function* (context) {
  const numbers = context.df.getInput();
  return yield context.df.Task.all(numbers.map((n) => double(n)));
});
df.app.orchestration('registered', function* (context) {
  const doubled = yield doubleAll(context.df.getInput());
  const once = yield double(21).withRetry(new df.RetryOptions(1000, 2));
  try {
    yield refuse();
  } catch (error) {
    return { doubled, once, code: error.failureDetails.properties.code, type: error.name };
  }
});
df.app.orchestration('waiter', function* (context) {
  const id = context.df.newGuid('waiter');
  const event = yield context.df.waitForExternalEvent('go');
  return { event, sameId: id === context.df.newGuid('waiter') };
});
df.app.entity('aggregate', {
  handler: (context) => {
    const seen = context.df.getState(() => []);
    context.df.setState([...seen, context.df.getInput()]);
  },
});

df.app.client.http('start', {
  route: 'orchestrators/{name}/{id?}',
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: async (request, client) => {
    const { name, id } = request.params;
    const input = await request.json();
    return client.createCheckStatusResponse(
      request,
      await client.startNew(name, { instanceId: id, input }),
    );
  },
});
df.app.client.eventGrid('onEvent', {
  handler: async (event, client, context) => {
    context.log(`event ${event.id}`);
    await client.signalEntity(new df.EntityId('aggregate', event.subject), 'add', event.data);
  },
});
df.app.client.timer('everyNight', {
  schedule: '0 0 0 * * *',
  runOnStartup: true,
  handler: async (timer, client) => {
    await client.startNew('waiter', { instanceId: 'from-timer' }).catch(() => undefined);
  },
});

/** What operators do with instances, one after another. */
df.app.client.http('manage', {
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: async (request, client) => {
    const seen = {};
    const id = await client.startNew('waiter', { instanceId: 'managed', input: { a: 1 } });
    seen.payload = Object.keys(client.createHttpManagementPayload(id)).sort();
    const until = async (status) => {
      for (let n = 0; n < 200; n += 1) {
        const found = await client.getStatus(id);
        if (found.runtimeStatus === status) return found;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`${id} was never ${status}`);
    };
    seen.input = (await until(OrchestrationRuntimeStatus.Running)).input;
    await client.suspend(id, 'pause');
    await until(OrchestrationRuntimeStatus.Suspended);
    await client.resume(id, 'play');
    await until(OrchestrationRuntimeStatus.Running);
    seen.again = await client.startNew('waiter', { instanceId: id }).catch(() => 'refused');
    await client.raiseEvent(id, 'go', { b: [2] });
    seen.output = (await until(OrchestrationRuntimeStatus.Completed)).output;
    seen.all = (await client.getStatusAll()).some((each) => each.instanceId === id);
    const filter = {
      createdTimeFrom: new Date(0),
      createdTimeTo: new Date(Date.now() + 60_000),
      runtimeStatus: [OrchestrationRuntimeStatus.Completed],
    };
    seen.completed = (await client.getStatusBy(filter)).map((each) => each.instanceId);
    seen.purged = await client.purgeInstanceHistory(id);
    seen.purgedBy = await client.purgeInstanceHistoryBy(filter);
    seen.gone = await client.getStatus(id).then(
      () => 'there',
      () => 'gone',
    );
    seen.missing = await client.readEntityState(new df.EntityId('aggregate', 'nobody'));
    await client.terminate('from-timer', 'tidy');
    return { jsonBody: seen };
  },
});
