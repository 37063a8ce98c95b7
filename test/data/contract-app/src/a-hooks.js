'use strict';
const { appendFileSync } = require('node:fs');
const { app } = require('@azure/functions');
const core = require('@azure/functions-core');

/** What happened, in order: kept for the functions, and in a file for what comes after them. */
const order = [];
const note = (what) => {
  order.push(what);
  if (process.env.SEEN) appendFileSync(process.env.SEEN, `${what}\n`);
};
const isObserved = (hook) => hook.invocationContext.functionName === 'observed';

note('first file');
// The SDK does not show the data that all hooks of an app share.
core.registerHook('appStart', (hook) => {
  hook.appHookData.fromStart = 'kept';
  hook.hookData.started = 'once';
  note('app start 1');
});
app.hook.appStart(async (hook) => {
  await new Promise(setImmediate);
  note(`app start 2 ${hook.hookData.started}`);
});
app.hook.appTerminate((hook) => note(`app terminate ${hook.hookData.started}`));
core.registerHook('preInvocation', async (hook) => {
  if (!isObserved(hook)) return;
  await new Promise(setImmediate);
  hook.hookData.number = 1;
  note(`before 1 ${hook.appHookData.fromStart}`);
});
app.hook.preInvocation((hook) => {
  if (isObserved(hook)) note(`before 2 ${hook.hookData.number} ${hook.inputs.length}`);
});
app.hook.postInvocation((hook) => {
  if (!isObserved(hook)) return;
  note(`after ${hook.hookData.number} ${hook.error ? hook.error.message : hook.result.status}`);
  hook.error = undefined;
  hook.result = { jsonBody: order };
});
app.http('observed', {
  authLevel: 'anonymous',
  handler: (request) => {
    note('handler');
    if (request.query.has('fail')) throw new Error('failed');
    return { status: 202 };
  },
});

const attempt = (act) => {
  try {
    act();
    return 'done';
  } catch (error) {
    return { message: error.message, system: error.isAzureFunctionsSystemError, range: error instanceof RangeError };
  }
};

app.http('late', {
  authLevel: 'anonymous',
  handler: () => ({
    jsonBody: {
      register: attempt(() => app.http('another', { handler: () => ({}) })),
      setup: attempt(() => app.setup({ enableHttpStream: true })),
      hook: attempt(() => core.registerHook('beforeAll', () => undefined)),
      versions: [core.version, core.hostVersion].map((version) => typeof version),
      model: core.getProgrammingModel().name,
    },
  }),
});
