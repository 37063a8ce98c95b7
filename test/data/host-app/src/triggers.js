'use strict';
const { appendFileSync } = require('node:fs');
const { app } = require('@azure/functions');

const write = (line) => {
  if (process.env.SEEN) appendFileSync(process.env.SEEN, `${JSON.stringify(line)}\n`);
};
app.timer('everyMinute', {
  schedule: '0 * * * * *',
  handler: (timer) => write({ everyMinute: timer }),
});
app.eventGrid('onEvent', {
  handler: (event, context) => {
    write({ event, metadata: context.triggerMetadata });
    if (event.data && event.data.fail) throw new Error('refused');
  },
});
