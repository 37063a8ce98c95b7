import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { toDurableSettings } from '../../host/durable-http/durable-settings';
import { readHostJson } from '../../host/host-json';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steward-host-json-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const read = (text: string) => {
  writeFileSync(join(folder, 'host.json'), text);
  return readHostJson(folder);
};

describe('host.json', () => {
  it('may hold comments and commas too many', () => {
    const hostJson = read('{ // how long\n "functionTimeout": "00:00:06", /* no more */ }');

    expect(hostJson.functionTimeoutMs).toBe(6000);
  });

  it('is not needed', () => {
    const hostJson = readHostJson(folder);

    expect(hostJson).toEqual({
      routePrefix: 'api',
      functionTimeoutMs: 1_800_000,
      log: {},
      durableTask: {},
    });
  });

  it('sets prefix, timeout and log levels', () => {
    const hostJson = read(`{
      "functionTimeout": "00:10:00",
      "logging": { "logLevel": { "default": "Warning", "Function": "Debug" } },
      "extensions": { "http": { "routePrefix": "/" }, "durableTask": { "hubName": "H" } }
    }`);

    expect(hostJson).toEqual({
      routePrefix: '',
      functionTimeoutMs: 600_000,
      log: { default: 'warning', function: 'debug' },
      durableTask: { hubName: 'H' },
    });
  });

  it('sets no limit with a timeout of -1', () => {
    const { functionTimeoutMs } = read('{"functionTimeout":"-1"}');

    expect(functionTimeoutMs).toBe(Infinity);
  });

  it.each(['"5 minutes"', '300', '"00:00:00"', '"00:61:00"'])(
    'is refused with a timeout of %s',
    (value) => {
      const readIt = (): unknown => read(`{"functionTimeout":${value}}`);

      expect(readIt).toThrow(
        `functionTimeout in host.json is not a time span: ${value}. Write it as "hh:mm:ss".`,
      );
    },
  );

  it('is refused when it is not JSON', () => {
    const readIt = (): unknown => read('{');

    expect(readIt).toThrow('host.json is not JSON');
  });
});

describe('the durableTask part of host.json', () => {
  it('sets what it names and leaves the rest as it is on Azure', () => {
    const settings = toDurableSettings(
      {
        hubName: '%HUB%',
        maxConcurrentActivityFunctions: 3,
        maxOrchestrationActions: 'many',
        overridableExistingInstanceStates: 'AnyState',
        defaultVersion: '2.0',
        httpSettings: { defaultAsyncRequestSleepTimeMilliseconds: 1000 },
      },
      { get: (name) => (name === 'HUB' ? 'MyHub' : undefined) },
    );

    expect(settings).toMatchObject({
      hubName: 'MyHub',
      maxConcurrentActivityFunctions: 3,
      maxConcurrentOrchestratorFunctions: 20,
      maxOrchestrationActions: 100_000,
      overridableExistingInstanceStates: 'AnyState',
      defaultVersion: '2.0',
      httpSleepMs: 1000,
    });
  });
});
