import { app } from '@azure/functions';
import journal from '../lib/journal.js';

await Promise.resolve(); // an ES module may wait while it is loaded

app.timer('nightly', {
  schedule: '%NIGHTLY%',
  runOnStartup: true,
  handler: (timer, context) => journal.record(`nightly ${timer.isPastDue} ${context.functionName}`),
});
app.eventGrid('onCluster', {
  handler: (event) => journal.record(`onCluster ${event.subject} ${event.data.n}`),
});
app.generic('byHand', {
  trigger: { type: 'httpTrigger', name: 'req', methods: ['GET'], authLevel: 'anonymous' },
  return: { type: 'http', name: '$return' },
  handler: () => ({ body: 'generic' }),
});
