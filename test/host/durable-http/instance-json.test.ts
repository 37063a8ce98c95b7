import { toInstanceJson } from '../../../host/durable-http/instance-json';
import { toManagementUrls } from '../../../host/durable-http/management-urls';
import type { InstanceRecord } from '../../../host/durable/contract';

const anInstance: InstanceRecord = {
  instanceId: 'a',
  name: 'chain',
  executionId: 'e',
  runtimeStatus: 'Failed',
  input: '12345678901234567890',
  output: 'plain text',
  createdAt: Date.parse('2031-02-03T04:05:06.789Z'),
  updatedAt: Date.parse('2031-02-03T04:05:07Z'),
};

describe('an instance as the status API shows it', () => {
  it('keeps every digit of its input and quotes text that is not JSON', () => {
    const text = toInstanceJson(anInstance, { input: true });

    expect(text).toBe(
      '{"name":"chain","instanceId":"a","runtimeStatus":"Failed","input":12345678901234567890,' +
        '"customStatus":null,"output":"plain text","createdTime":"2031-02-03T04:05:06Z",' +
        '"lastUpdatedTime":"2031-02-03T04:05:07Z"}',
    );
  });

  it('has version and parent when it has them, and no input when that is not wanted', () => {
    const text = toInstanceJson(
      { ...anInstance, version: '2.0', parentInstanceId: 'p' },
      { input: false },
    );

    expect(JSON.parse(text)).toMatchObject({ version: '2.0', parentInstanceId: 'p', input: null });
  });
});

describe('the links to an instance', () => {
  it('carry hub and key, and an id that may have any character', () => {
    const address = { baseUrl: 'http://h/base', connection: 'Storage', hubName: 'Hub', key: 'k' };

    const urls = toManagementUrls(address, 'a b/ü', { withRewind: true });

    expect(urls).toMatchObject({
      id: 'a b/ü',
      statusQueryGetUri:
        'http://h/base/instances/a+b%2F%C3%BC?taskHub=Hub&connection=Storage&code=k',
      terminatePostUri:
        'http://h/base/instances/a+b%2F%C3%BC/terminate?reason={text}&taskHub=Hub&connection=Storage&code=k',
    });
  });
});
