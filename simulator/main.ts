import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { startSimulator } from '.';
import type { Scenario } from '.';
import { worldCommands, worldUsage } from './worlds/commands';
import { withImports } from './worlds/import/import-files';

const usage = `Usage: azure [--scenario FILE] [--import FILE]… [--port P] [--data DIR] [--speed X] [--seed S] [--control]
${worldUsage}

  --scenario FILE  what the simulated Azure starts with
  --import FILE    an export of Resource Graph, whose resources are added; may be repeated
  --port P         port to listen on; 7072 when absent, 0 for any
  --data DIR       keeps the world between starts
  --speed X        simulated seconds in one real second; wins over the scenario's
  --seed S         another fleet of the same shape; wins over the scenario's
  --control        serves /_simulator/ too`;

async function main(): Promise<void> {
  const [name = '', ...rest] = process.argv.slice(2);
  const command = worldCommands[name];
  if (command === undefined) {
    await serve();
    return;
  }
  process.exitCode = await command(rest, (text) => process.stdout.write(text));
}

async function serve(): Promise<void> {
  const { values } = parseArgs({
    options: {
      scenario: { type: 'string' },
      import: { type: 'string', multiple: true, default: [] },
      port: { type: 'string', default: '7072' },
      data: { type: 'string' },
      speed: { type: 'string' },
      seed: { type: 'string' },
      control: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || (values.scenario === undefined && values.import.length === 0)) {
    process.stdout.write(`${usage}\n`);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const say = (line: string): boolean => process.stderr.write(`${line}\n`);
  const own = await scenarioFrom(values.scenario, values.seed);
  const scenario = await withImports(own, values.import, say);
  const simulator = await startSimulator({
    port: numberFrom('--port', values.port),
    ...(values.data !== undefined && { dataDirectory: values.data }),
    scenario,
    control: values.control,
    speed: values.speed === undefined ? (scenario.speed ?? 1) : numberFrom('--speed', values.speed),
    log: say,
  });
  process.stdout.write(`Simulated Azure at ${simulator.url}\n`);
  const stop = (): void => {
    void simulator.close();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

async function scenarioFrom(file: string | undefined, seed: string | undefined): Promise<Scenario> {
  const text = file === undefined ? '{}' : await readFile(file, 'utf8');
  return {
    ...(JSON.parse(text) as Scenario),
    ...(seed !== undefined && { seed: numberFrom('--seed', seed) }),
  };
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
