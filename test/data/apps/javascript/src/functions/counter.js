const { app } = require('@azure/functions');
const df = require('durable-functions');

const counterEntityName = 'Counter';

df.app.entity(counterEntityName, function (context) {
  const currentValue = context.df.getState(() => 0);
  switch (context.df.operationName) {
    case 'add': {
      const amount = context.df.getInput();
      context.df.setState(currentValue + amount);
      break;
    }
    case 'reset':
      context.df.setState(0);
      break;
    case 'get':
      context.df.return(currentValue);
      break;
    case 'delete':
      context.df.destructOnExit();
      break;
  }
});

df.app.orchestration('counterOrchestration', function* (context) {
  const entityId = new df.EntityId(counterEntityName, context.df.getInput());

  // Two-way call to the entity which returns a value - awaits the response
  const currentValue = yield context.df.callEntity(entityId, 'get');
  if (currentValue < 10) {
    // One-way signal to the entity which updates the value - does not await a response
    context.df.signalEntity(entityId, 'add', 1);
  }
  return yield context.df.callEntity(entityId, 'get');
});

app.http('counterAdd', {
  route: 'counters/{key}/add/{amount}',
  methods: ['POST'],
  authLevel: 'anonymous',
  extraInputs: [df.input.durableClient()],
  handler: async function (request, context) {
    const client = df.getClient(context);
    const entityId = new df.EntityId(counterEntityName, request.params.key);
    await client.signalEntity(entityId, 'add', Number(request.params.amount));
    return { status: 202 };
  },
});

app.http('counterRead', {
  route: 'counters/{key}',
  methods: ['GET'],
  authLevel: 'anonymous',
  extraInputs: [df.input.durableClient()],
  handler: async function (request, context) {
    const client = df.getClient(context);
    const entityId = new df.EntityId(counterEntityName, request.params.key);
    const stateResponse = await client.readEntityState(entityId);
    return stateResponse.entityExists
      ? { jsonBody: stateResponse.entityState }
      : { status: 404 };
  },
});
