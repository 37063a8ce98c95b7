// A cold start in a process of its own: imports an app, or a part of one, as the Functions worker does, and
// says what it took. With an activity, calls it right after that. The file, the activity, its input.
import Module from 'node:module';
import { pathToFileURL } from 'node:url';

const [file, activity, input] = process.argv.slice(2);
const functions = new Map();
class Disposable {
  dispose = () => undefined;
}
const core = {
  version: '3.9.1',
  hostVersion: '4.1037.0.0',
  Disposable,
  log: () => undefined,
  setProgrammingModel: () => undefined,
  getProgrammingModel: () => undefined,
  registerHook: () => new Disposable(),
  registerFunction: ({ name }, handler) => {
    functions.set(name, handler);
    return new Disposable();
  },
};
const { require: original } = Module.prototype;
Module.prototype.require = function (id) {
  return id === '@azure/functions-core' ? core : original.call(this, id);
};

const usedBefore = process.cpuUsage();
const started = performance.now();
await import(pathToFileURL(file).href);
const ms = performance.now() - started;
const importedAt = performance.timeOrigin + performance.now();
const { user, system } = process.cpuUsage(usedBefore);

if (activity) {
  const context = { triggerMetadata: {}, error: () => undefined, log: () => undefined };
  await functions
    .get(activity)(JSON.parse(input), context)
    .catch(() => undefined);
}
const rssMb = process.memoryUsage.rss() / 1e6;
const cpuMs = (user + system) / 1000;
process.stdout.write(
  JSON.stringify({ ms, importedAt, cpuMs, rssMb, functions: functions.size }),
  () => process.exit(),
);
