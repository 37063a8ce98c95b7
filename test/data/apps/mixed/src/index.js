const { app } = require('@azure/functions');
const { record } = require('./lib/journal');

app.setup({ enableHttpStream: false });

app.hook.appStart((context) => {
  context.hookData.startedAt = 'start';
  record(`appStart`);
});
app.hook.preInvocation((context) => {
  context.hookData.name = context.invocationContext.functionName;
  if (context.hookData.name === 'hooked') {
    const handler = context.functionHandler;
    context.functionHandler = async (...args) => {
      record(`before ${context.hookData.name}`);
      return handler(...args);
    };
  }
});
app.hook.postInvocation((context) => {
  if (context.hookData.name === 'hooked') record(`after ${context.result.body}`);
  if (context.hookData.name === 'rescued') {
    record(`rescued from ${context.error.message}`);
    context.error = undefined;
    context.result = { status: 418, body: 'rescued' };
  }
});
app.hook.log((context) => {
  context.message = context.message.replace(/secret-\w+/, 'secret-***');
});
app.hook.appTerminate((context) => record(`appTerminate ${context.hookData.startedAt}`));
