import { request as send } from 'node:http';

import type { Webhook } from '../../../../host/http/dispatch';

/** Passes calls of the Durable HTTP API on to the engine, and its answers back. */
export function forwardTo(engineUrl: string): Webhook {
  return ({ request, response, search }, path) =>
    new Promise((resolve, reject) => {
      const target = `${engineUrl}/runtime/webhooks/durabletask/${path}${search}`;
      const { method, headers } = request;
      const onward = send(target, { method: method ?? 'GET', headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response).on('close', resolve);
      });
      onward.on('error', reject);
      request.pipe(onward);
    });
}
