'use strict';
// The patterns of the documentation of Durable Functions, as they are usually written.
const df = require('durable-functions');

const later = (context, seconds) =>
  new Date(context.df.currentUtcDateTime.getTime() + seconds * 1000);
let checks = 0;
let attempts = 0;

df.app.activity('hello', { handler: (name) => `Hello ${name}` });
df.app.activity('listFiles', { handler: (folder) => ['a', 'b', 'c'].map((n) => `${folder}/${n}`) });
df.app.activity('copyFile', { handler: async (path) => path.length });
df.app.activity('isClear', { handler: () => (checks += 1) > 1 });
df.app.activity('sendChallenge', { handler: () => 1234 });
df.app.activity('unsteady', {
  handler: () => {
    if ((attempts += 1) < 2) throw new Error('not yet');
    return 'steady';
  },
});

df.app.orchestration('chaining', function* (context) {
  const output = [];
  output.push(yield context.df.callActivity('hello', 'Tokyo'));
  output.push(yield context.df.callActivity('hello', 'Seattle'));
  output.push(yield context.df.callActivity('hello', 'Cairo'));
  return output;
});
df.app.orchestration('fanOut', function* (context) {
  const files = yield context.df.callActivity('listFiles', context.df.getInput());
  const tasks = [];
  for (const file of files) tasks.push(context.df.callActivity('copyFile', file));
  const sizes = yield context.df.Task.all(tasks);
  return sizes.reduce((sum, size) => sum + size, 0);
});
df.app.orchestration('monitor', function* (context) {
  const end = later(context, 60);
  while (context.df.currentUtcDateTime < end) {
    if (yield context.df.callActivity('isClear', { place: 'Seattle' })) return 'clear';
    yield context.df.createTimer(later(context, 1));
  }
  return 'too late';
});
df.app.orchestration('humanInteraction', function* (context) {
  const code = yield context.df.callActivity('sendChallenge', context.df.getInput());
  const timeout = context.df.createTimer(later(context, 90));
  const response = context.df.waitForExternalEvent('response');
  const winner = yield context.df.Task.any([response, timeout]);
  if (winner === timeout) return false;
  timeout.cancel();
  return response.result === code;
});
df.app.orchestration('retries', function* (context) {
  const options = new df.RetryOptions(1000, 3);
  options.backoffCoefficient = 1.5;
  return yield context.df.callActivityWithRetry('unsteady', options, 'input');
});
df.app.orchestration('children', function* (context) {
  const tasks = [];
  for (let i = 0; i < 3; i += 1) {
    const id = `${context.df.instanceId}:${i}`;
    tasks.push(context.df.callSubOrchestrator('fanOut', `folder${i}`, id));
  }
  return yield context.df.Task.all(tasks);
});
df.app.orchestration('eternal', function* (context) {
  const { round } = context.df.getInput();
  yield context.df.callActivity('hello', `round ${round}`);
  yield context.df.createTimer(later(context, 1));
  if (round < 2) context.df.continueAsNew({ round: round + 1 });
  else return round;
});
df.app.entity('counter', (context) => {
  const value = context.df.getState(() => 0);
  switch (context.df.operationName) {
    case 'add':
      context.df.setState(value + context.df.getInput());
      break;
    case 'reset':
      context.df.setState(0);
      break;
    case 'get':
      context.df.return(value);
      break;
  }
});
df.app.orchestration('counts', function* (context) {
  const id = new df.EntityId('Counter', 'myCounter');
  yield context.df.callEntity(id, 'add', 1);
  context.df.signalEntity(id, 'add', 2);
  return yield context.df.callEntity(id, 'get');
});
df.app.orchestration('transfers', function* (context) {
  const id = new df.EntityId('Counter', 'account');
  const lock = yield context.df.lock(id);
  try {
    yield context.df.callEntity(id, 'add', 5);
    return yield context.df.callEntity(id, 'get');
  } finally {
    lock.release();
  }
});
