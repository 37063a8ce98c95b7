import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { startSimulator } from '.';
import type { Scenario } from '.';

const usage = `Usage: azure --scenario FILE [--port P] [--data DIR] [--speed X] [--seed S] [--control]

  --scenario FILE  what the simulated Azure starts with
  --port P         port to listen on; 7072 when absent, 0 for any
  --data DIR       keeps the world between starts
  --speed X        simulated seconds in one real second; wins over the scenario's
  --seed S         another fleet of the same shape; wins over the scenario's
  --control        serves /_simulator/ too`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      scenario: { type: 'string' },
      port: { type: 'string', default: '7072' },
      data: { type: 'string' },
      speed: { type: 'string' },
      seed: { type: 'string' },
      control: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || values.scenario === undefined) {
    process.stdout.write(`${usage}\n`);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const scenario: Scenario = {
    ...(JSON.parse(await readFile(values.scenario, 'utf8')) as Scenario),
    ...(values.seed !== undefined && { seed: numberFrom('--seed', values.seed) }),
  };
  const simulator = await startSimulator({
    port: numberFrom('--port', values.port),
    ...(values.data !== undefined && { dataDirectory: values.data }),
    scenario,
    control: values.control,
    speed: values.speed === undefined ? (scenario.speed ?? 1) : numberFrom('--speed', values.speed),
    log: (message) => process.stderr.write(`${message}\n`),
  });
  process.stdout.write(`Simulated Azure at ${simulator.url}\n`);
  const stop = (): void => {
    void simulator.close();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function numberFrom(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new Error(`${option} takes a number, not '${text}'.`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
