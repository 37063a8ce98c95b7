const fs = require('fs/promises');
const { app, HttpResponse } = require('@azure/functions');
const { count } = require('../lib/journal');

app.http('echo', {
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'],
  authLevel: 'anonymous',
  route: 'echo/{*rest}',
  handler: async (request, context) => {
    context.log(`${request.method} ${request.url}`);
    return {
      headers: { 'x-calls': String(count()) },
      jsonBody: {
        method: request.method,
        query: Object.fromEntries(request.query),
        params: request.params,
        type: request.headers.get('content-type'),
        body: await request.text(),
      },
    };
  },
});
app.http('form', {
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: async (request) => {
    const form = await request.formData();
    const file = form.get('file');
    return {
      jsonBody: {
        name: form.get('name'),
        tags: form.getAll('tag'),
        file: typeof file === 'string' || !file ? file : { name: file.name, text: await file.text() },
      },
    };
  },
});
app.http('cookies', {
  authLevel: 'anonymous',
  handler: (request) => ({
    body: request.headers.get('cookie'),
    cookies: [
      { name: 'session', value: 'a b', path: '/', httpOnly: true, sameSite: 'Strict', maxAge: 60 },
      { name: 'theme', value: 'dark', secure: true, domain: 'example.org' },
    ],
  }),
});
app.http('response', {
  authLevel: 'anonymous',
  handler: (request) => {
    const response = new HttpResponse({ status: 201, body: 'made', headers: { 'X-One': '1' } });
    response.headers.set('content-type', 'text/x-made');
    response.headers.append('x-two', 'a');
    response.headers.append('x-two', 'b');
    return request.query.has('clone') ? response.clone() : response;
  },
});
app.http('bytes', {
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: async (request) => ({
    body: Buffer.from(await request.arrayBuffer()).reverse(),
    headers: { 'content-type': 'application/octet-stream' },
  }),
});
app.http('stream', {
  authLevel: 'anonymous',
  handler: () => ({
    body: (async function* () {
      for (const word of ['one ', 'two ', 'three']) yield Buffer.from(word);
    })(),
  }),
});
app.get('lazy', {
  authLevel: 'anonymous',
  handler: async () => {
    const { greeting } = await import('../lib/lazy.mjs');
    return { body: greeting() };
  },
});
app.get('relative', {
  authLevel: 'anonymous',
  handler: async () => ({ body: await fs.readFile('src/lib/greeting.txt', 'utf8') }),
});
app.get('hooked', {
  authLevel: 'anonymous',
  handler: (request, context) => {
    context.warn('the secret-token is out');
    return { body: 'hooked' };
  },
});
app.get('rescued', {
  authLevel: 'anonymous',
  handler: () => {
    throw new Error('trouble');
  },
});
app.get('sleeping', { authLevel: 'anonymous', handler: () => ({ body: 'awake' }) });
app.get('greedy', {
  authLevel: 'anonymous',
  route: 'items/{category:alpha}/{id:int?}',
  handler: (request) => ({ jsonBody: request.params }),
});
