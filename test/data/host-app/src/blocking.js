'use strict';
const { app } = require('@azure/functions');
const df = require('durable-functions');

function countFor(ms) {
  const end = Date.now() + ms;
  let count = 0;
  while (Date.now() < end) count += 1;
  return count;
}

app.http('counts', {
  authLevel: 'anonymous',
  handler: async (request) => {
    await request.text();
    return { body: String(countFor(2000)) };
  },
});
df.app.orchestration('spins', function* () {
  for (;;);
});
