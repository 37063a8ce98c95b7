// `npm run record:histories`: keeps the histories that the build of these sources leaves.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { inFlightFolder, keep, keepInFlight, migrationMoment, moments } from './in-flight';
import { leaveMigration } from './migration-in-flight';
import { fileOf, historiesFolder, packed } from './recorded';
import { registerOnce } from './recorder';
import { scenes } from './scenes';

const usage = "npm run record:histories -- 1.2.0 'what is new in this build'";

const write = (text: string) => process.stdout.write(`${text}\n`);

/** What has been recorded stays: it is what runs in flight may look like. */
async function main([root = '.', build = '', about = '']: readonly string[]): Promise<void> {
  const folder = folderOf(root, build, about);
  registerOnce();
  Error.stackTraceLimit = 0; // histories hold errors, and stacks hold paths of this machine
  for (const [name, scene] of Object.entries(scenes)) {
    const file = join(folder, fileOf(name));
    if (existsSync(file)) {
      write(`${name}: was recorded before`);
      continue;
    }
    const executions = await scene();
    writeFileSync(file, packed(executions));
    write(`${name}: ${executions.length} executions`);
  }
  await keepAll(inFlightFolder(root, basename(folder)), join(root, 'dist/in-flight'));
}

async function keepAll(folder: string, work: string): Promise<void> {
  for (const moment of moments) {
    const at = join(folder, moment.name);
    if (!existsSync(at)) await keepInFlight(moment, { at, work });
  }
  const migration = join(folder, migrationMoment);
  if (existsSync(migration)) return;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  await leaveMigration(work);
  keep(work, migration);
}

function folderOf(root: string, build: string, about: string): string {
  const folder = join(root, historiesFolder, build);
  const card = join(folder, 'build.json');
  if (build !== '' && existsSync(card)) return folder;
  if (about === '') throw new Error(`There is no build to record for. Name one: ${usage}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(card, `${JSON.stringify({ build, about }, undefined, 2)}\n`);
  return folder;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
