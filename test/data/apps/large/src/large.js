import { app } from '@azure/functions';
import * as df from 'durable-functions';

const text = (letter) => letter.repeat(2 ** 20);
const shape = (value) => `${value.length} ${value[0]}${value.at(-1)}`;

df.app.activity('make', { handler: ({ letter }) => ({ content: text(letter) }) });
df.app.activity('measure', { handler: ({ content }) => shape(content) });
df.app.entity('Shelf', (context) => {
  const content = context.df.getState(() => '');
  if (context.df.operationName === 'put') context.df.setState(context.df.getInput());
  else context.df.return(content);
});
df.app.orchestration('child', function* (context) {
  const { content } = context.df.getInput();
  yield context.df.createTimer(context.df.currentUtcDateTime);
  return { content };
});
df.app.orchestration('carry', function* (context) {
  const input = context.df.getInput().content;
  const made = yield context.df.callActivity('make', { letter: 'a' });
  const measured = yield context.df.callActivity('measure', made);
  const child = yield context.df.callSubOrchestrator('child', { content: text('c') });
  const shelf = new df.EntityId('Shelf', context.df.instanceId);
  yield context.df.callEntity(shelf, 'put', text('s'));
  context.df.setCustomStatus('x'.repeat(8_600));
  const event = yield context.df.waitForExternalEvent('go');
  const stored = yield context.df.callEntity(shelf, 'get');
  const shapes = [input, made.content, child.content, event.content, stored].map(shape);
  return { shapes, measured, content: text('o') };
});
df.app.orchestration('again', function* (context) {
  const { round, content } = context.df.getInput();
  if (round === 2) return { round, content };
  yield context.df.callActivity('measure', { content });
  context.df.continueAsNew({ round: round + 1, content });
});
df.app.orchestration('greedy', function* (context) {
  const tasks = [];
  for (let n = 0; n <= 100_000; n += 1) tasks.push(context.df.callActivity('measure', { n }));
  yield context.df.Task.all(tasks);
});
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
