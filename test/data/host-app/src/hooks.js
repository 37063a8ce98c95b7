'use strict';
const { app } = require('@azure/functions');

const seen = [];
app.hook.appStart(() => {
  seen.push('app start');
});
app.hook.preInvocation((hook) => {
  if (hook.invocationContext.functionName !== 'hooked') return;
  hook.inputs = [{ replaced: true }];
  seen.push('before');
});
app.hook.postInvocation((hook) => {
  if (hook.invocationContext.functionName !== 'hooked') return;
  hook.result = { jsonBody: { seen, result: hook.result } };
});
app.hook.log((hook) => {
  hook.message = hook.message.replace('password', '***');
});
app.http('hooked', {
  authLevel: 'anonymous',
  handler: (input, context) => {
    context.warn('the password');
    return input;
  },
});
