import type { ControlResult, InstanceRecord } from '../durable/contract';
import { type Exchange, sendEmpty, sendJson } from '../http/exchange';
import { readText } from '../http/request-body';
import { isJsonType, toJsonContent } from './json-body';
import { sendFailure, sendProblem } from './problem';
import { toBoolean, toText } from './query';
import type { DurableRequest, DurableRoute } from './request';
import { hasEnded } from './instance-state';
import { sendStarted } from './start-routes';

export const controlRoutes: readonly DurableRoute[] = [
  { method: 'POST', path: /^instances\/([^/]+)\/raiseEvent\/([^/]+)\/?$/i, handle: raiseEvent },
  { method: 'POST', path: /^instances\/([^/]+)\/(terminate|suspend|resume)\/?$/i, handle: control },
  { method: 'POST', path: /^instances\/([^/]+)\/rewind\/?$/i, handle: rewind },
  { method: 'POST', path: /^instances\/([^/]+)\/restart\/?$/i, handle: restart },
];

async function raiseEvent(request: DurableRequest): Promise<void> {
  const { api, exchange, params } = request;
  const [instanceId = '', name = ''] = params;
  const body = await readText(exchange.request, api.bodyLimit);
  const record = await api.engine.status(instanceId);
  if (!record || hasEnded(record)) {
    sendEmpty(exchange, record ? 410 : 404);
    return;
  }
  const input = toEventInput(exchange, body);
  if (input === undefined) return;
  const result = await api.engine.raiseEvent(instanceId, name, input);
  sendControlResult(request, result, { record, verb: 'raise an event to' });
}

/** The JSON text of an event; undefined when it has none and the caller has been told. */
function toEventInput(exchange: Exchange, body: string): string | undefined {
  if (!isJsonType(exchange)) {
    sendProblem(exchange, 400, { message: 'Only application/json request content is supported' });
    return undefined;
  }
  const json = toJsonContent(body);
  if ('text' in json) return json.text;
  const { message, type } = json.problem;
  sendProblem(exchange, 400, {
    message: 'Invalid JSON content',
    exception: { message, type: `Newtonsoft.Json.${type}` },
  });
  return undefined;
}

async function control(request: DurableRequest): Promise<void> {
  const { api, exchange, params } = request;
  const [instanceId = '', action = ''] = params;
  const verb = action.toLowerCase() as 'terminate' | 'suspend' | 'resume';
  const record = await api.engine.status(instanceId);
  const reason = toText(exchange.query, 'reason');
  const result = await api.engine[verb](instanceId, reason);
  sendControlResult(request, result, { record, verb });
}

function sendControlResult(
  { exchange, params }: DurableRequest,
  result: ControlResult,
  about: { readonly record: InstanceRecord | undefined; readonly verb: string },
): void {
  const statuses = { accepted: 202, 'not-found': 404, completed: 410, unsupported: 501 };
  if (result !== 'wrong-state') {
    sendEmpty(exchange, statuses[result]);
    return;
  }
  const state = about.record?.runtimeStatus ?? 'Running';
  sendFailure(exchange, {
    message: `Cannot ${about.verb} the orchestration instance ${params[0] ?? ''} because instance is in the ${state} state.`,
    type: 'System.InvalidOperationException',
  });
}

async function rewind({ api, exchange, params }: DurableRequest): Promise<void> {
  const [instanceId = ''] = params;
  const record = await api.engine.status(instanceId);
  if (!record) {
    // The dollar sign is part of the extension's text.
    const value = `No orchestration with instance ID "$${instanceId}" found.`;
    sendJson(exchange, 404, { value });
    return;
  }
  const reason = toText(exchange.query, 'reason');
  const result = await api.engine.rewind(instanceId, reason);
  if (result === 'accepted') {
    sendEmpty(exchange, 202);
  } else if (result === 'unsupported') {
    sendEmpty(exchange, 501);
  } else {
    const value = `This orchestration has status ${record.runtimeStatus}, but only orchestrations in the "Failed" state can be rewound.`;
    sendJson(exchange, 412, { value });
  }
}

async function restart(request: DurableRequest): Promise<void> {
  const { api, exchange, params } = request;
  const [instanceId = ''] = params;
  const newId = toBoolean(exchange.query, 'restartWithNewInstanceId', true);
  const result = await api.engine.restart(instanceId, newId);
  if (!result) {
    sendProblem(exchange, 400, {
      message: 'InstanceId does not match a valid orchestration instance.',
      exception: {
        message: `No instance with ID '${instanceId}' was found. (Parameter 'instanceId')`,
        type: 'System.ArgumentException',
      },
    });
  } else if (result.conflict !== undefined) {
    sendProblem(exchange, 409, {
      message: 'A non-terminal instance with this instance ID already exists.',
      exception: {
        message: `An Orchestration instance with the status ${result.conflict} already exists.`,
        type: 'DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException',
      },
    });
  } else {
    sendStarted(request, result);
  }
}
