'use strict';
const { app } = require('@azure/functions');

if (process.env.WITH_BAD_TIMER) app.timer('badTimer', { schedule: '%NOWHERE%', handler: () => {} });
if (process.env.FAIL_TO_LOAD) throw new Error('this file does not load');
app.http('readyOnly', { authLevel: 'anonymous', handler: () => ({ body: 'ready' }) });
