'use strict';
// What goes wrong on Azure, each in its own orchestration.
const df = require('durable-functions');

df.app.activity('throwsNothing', {
  handler: () => {
    throw undefined;
  },
});
df.app.orchestration('callsThrowsNothing', function* (context) {
  return yield context.df.callActivity('throwsNothing');
});
df.app.orchestration('passesBoolean', function* (context) {
  return yield context.df.callActivity('hello', true);
});
df.app.orchestration('forgetsYield', function* (context) {
  context.df.callActivity('hello', 'lost');
  context.df.setCustomStatus(0);
  return yield context.df.callActivity('hello', 'kept');
});
df.app.orchestration('isAsync', async (context) => await context.df.callActivity('hello', 'x'));
df.app.orchestration('holdsLock', function* (context) {
  yield context.df.lock(new df.EntityId('counter', 'held'));
  yield context.df.waitForExternalEvent('go');
});
df.app.orchestration('wantsLocked', function* (context) {
  return yield context.df.callEntity(new df.EntityId('counter', 'held'), 'get');
});
