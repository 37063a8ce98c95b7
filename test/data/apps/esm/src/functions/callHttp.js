import { df } from '../durable.js';

// Async HTTP API: the service answers 202 until its work is done
df.app.orchestration('checkService', function* (context) {
  const { url } = context.df.getInput();
  const res = yield context.df.callHttp({ method: 'GET', url, enablePolling: true });
  if (res.statusCode >= 400) {
    throw new Error(`${url} answered ${res.statusCode}`);
  }
  return { statusCode: res.statusCode, content: res.content };
});
