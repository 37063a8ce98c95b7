// The entry of an app: the orchestrations of Steward, in a hurry, with the activities of a scripted fleet.
import { app } from '@azure/functions';
import * as df from 'durable-functions';

import { defineActivity, toHandler } from '../../../../activities/activity';
import type { Clients } from '../../../../clients';
import { registry } from '../../../support/orchestrations';
import { hurryOrchestrations } from './hurry';
import type { SceneName } from './scenes';
import { activityNames, ScriptedFleet } from './scripted-fleet';

const fleet = new ScriptedFleet();
const noClients = {} as Clients;

hurryOrchestrations();
for (const [name, handler] of registry) df.app.orchestration(name, handler);
for (const name of activityNames) {
  const activity = defineActivity([], (input: unknown) =>
    Promise.resolve().then(() => fleet.call(name, input)),
  );
  df.app.activity(name, { handler: toHandler(activity, noClients) });
}

app.http('calls', {
  route: 'calls/{scene}',
  authLevel: 'anonymous',
  handler: ({ params }) => ({ jsonBody: fleet.callsOf(params['scene'] as SceneName) }),
});
