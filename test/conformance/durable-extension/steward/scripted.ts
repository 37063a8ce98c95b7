// Runs beside the app, in a hurry, and does what its activities are asked for on a scripted fleet.
import type { HttpRequest } from '@azure/functions';
import type { ActivityHandler } from 'durable-functions';

import { defineActivity, toHandler } from '../../../../activities/activity';
import type { Clients } from '../../../../clients';
import { registerFunction, registerHook } from './host-interface';
import './hurry';
import type { SceneName } from './scenes';
import { activityNames, ScriptedFleet } from './scripted-fleet';

const fleet = new ScriptedFleet();
const noClients = {} as Clients;

const scripted: ReadonlyMap<string, ActivityHandler> = new Map(
  activityNames.map((name) => {
    const activity = defineActivity([], (input: unknown) =>
      Promise.resolve().then(() => fleet.call(name, input)),
    );
    return [name, toHandler(activity, noClients)];
  }),
);

registerHook('preInvocation', (call) => {
  const { functionName, options } = call.invocationContext;
  if (options.trigger.type !== 'activityTrigger') return;
  call.functionCallback =
    scripted.get(functionName) ??
    (() => {
      throw new Error(`No activity ${functionName} is scripted.`);
    });
});

registerFunction(
  {
    name: 'calls',
    bindings: {
      request: {
        ...{ type: 'httpTrigger', name: 'request', direction: 'in' },
        ...{ route: 'calls/{scene}', authLevel: 'anonymous', methods: ['GET'] },
      },
      $return: { type: 'http', name: 'answer', direction: 'out' },
    },
  },
  ({ params }: HttpRequest) => ({ jsonBody: fleet.callsOf(params['scene'] as SceneName) }),
);
