import * as df from 'durable-functions';

import type { Topic } from './scenario';

interface Answer {
  readonly statusCode: number;
  readonly content: string;
}

interface Call {
  readonly method: string;
  readonly url: string;
  readonly body?: string | object;
  readonly polls?: boolean;
}

/** Orchestrations that call over HTTP; the called server is the test's own. */
export const httpCalls: Topic = {
  register() {
    df.app.orchestration('callsHttp', function* (context) {
      const { method, url, body, polls = true } = context.df.getInput<Call>();
      const answer = (yield context.df.callHttp({
        ...{ method, url, enablePolling: polls },
        ...(body === undefined ? {} : { body, headers: { 'content-type': 'text/plain' } }),
      })) as Answer;
      const { statusCode, content } = answer;
      return { statusCode, content, after: (yield context.df.callActivity('echo', 1)) as number };
    });
  },
  scenarios: {
    'a call over HTTP': (hub) =>
      hub.run('callsHttp', { method: 'GET', url: `${hub.calledUrl}/hello` }),
    'a call that sends a text': (hub) =>
      hub.run('callsHttp', { method: 'POST', url: `${hub.calledUrl}/echo`, body: 'a text' }),
    'a call that fails': (hub) =>
      hub.run('callsHttp', { method: 'GET', url: `${hub.calledUrl}/status/500` }),
    'a call that is polled until it is done': (hub) =>
      hub.run('callsHttp', { method: 'POST', url: `${hub.calledUrl}/accepted/${hub.prefix}/2` }),
    'a call that is accepted and not polled': (hub) =>
      hub.run('callsHttp', {
        ...{ method: 'POST', url: `${hub.calledUrl}/accepted/${hub.prefix}/2`, polls: false },
      }),
  },
};
