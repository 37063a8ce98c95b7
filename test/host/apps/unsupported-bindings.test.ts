import { ask } from '../support/http';
import { json, SampleApp } from '../support/sample-app';

let app: SampleApp;

beforeAll(async () => {
  app = await SampleApp.start('unsupported');
}, 30_000);

afterAll(async () => {
  await app.stop();
});

const reason = (type: string): string =>
  `This host has no binding of type "${type}". Try the function on Azure, or give it an HTTP, timer, Event Grid or durable trigger without other bindings.`;

const admin = (path: string, init: RequestInit = {}): ReturnType<typeof ask> =>
  ask(`${app.host.url}/admin/functions/${path}?code=${app.masterKey}`, init);

describe('an app with bindings that this host does not have', () => {
  it.each([
    ['onQueue', 'queueTrigger'],
    ['onBlob', 'blobTrigger'],
    ['onTopic', 'serviceBusTrigger'],
    ['onDocument', 'cosmosDBTrigger'],
    ['enqueue', 'queue'],
    ['readTable', 'table'],
    ['writeBlob', 'blob'],
    ['storeOrder', 'queue'],
  ])('says of %s that it is not served', async (name, type) => {
    const { body } = await admin(`${name}/status`);

    const logged = app.complaints().map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(body).toEqual({ errors: [reason(type)] });
    expect(logged).toContainEqual(
      expect.objectContaining({
        level: 'error',
        function: name,
        message: `The function is not served: ${reason(type)}`,
      }),
    );
  });

  it('runs the rest', async () => {
    const statuses = await Promise.all(
      ['works', 'enqueue', 'readTable'].map(async (path) => (await app.call(path)).status),
    );

    expect(statuses).toEqual([200, 404, 404]);
    expect(app.host.lines.join()).toContain('3 functions are served on');
  });

  it('names a function that cannot be called in the failure of its caller', async () => {
    const { runtimeStatus, output } = await app.run('order');

    expect(runtimeStatus).toBe('Failed');
    expect(output).toContain("UnknownFunction: no activity function 'storeOrder' is registered");
  });

  it('runs a function by hand if only its trigger is missing', async () => {
    const byHand = await admin('onQueue', json({ input: 'order 1' }));
    const lossy = await admin('writeBlob', json({ input: '' }));

    expect([byHand.status, lossy.status]).toEqual([202, 202]);
    const refusals = app.complaints().filter((line) => line.includes('Not run on request'));
    expect(refusals).toHaveLength(1);
    expect(refusals[0]).toContain('"function":"writeBlob"');
  });
});
