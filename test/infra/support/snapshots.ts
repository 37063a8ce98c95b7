import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './bicep';
import type { Bicep, Compilation } from './bicep';

/** A resource as it would be deployed: parameters, conditions, loops and modules are worked out. */
export interface Deployed {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly kind?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly identity?: { readonly userAssignedIdentities?: Readonly<Record<string, object>> };
  readonly properties: unknown;
}

export interface Snapshot {
  readonly predictedResources: readonly Deployed[];
  readonly diagnostics: readonly unknown[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

export const parameterFolder = join(root, 'test/data/infra');

/** The parameter sets: how Steward itself is deployed, in three ways, and one or two for each file of `infra/fleet/`. */
export const steward = ['small', 'default', 'private-dts'] as const;
export const fleet = [
  'subscription-events',
  'subscription-events-queue',
  'cluster-events',
  'policy',
  'lighthouse',
  'deployer',
] as const;
export type ParameterSet = (typeof steward)[number] | (typeof fleet)[number];

const scopes: Readonly<Record<string, readonly string[]>> = {
  policy: ['--management-group-id', 'mg-platform'],
  role: ['--management-group-id', 'mg-platform'],
  'cluster-events': [...inSubscription(), '--resource-group', 'rg-payments'],
};

/** Arguments by which the compiler works out what a parameter file deploys. */
export function snapshotArguments(name: string, folder = parameterFolder): readonly string[] {
  return [
    ...['snapshot', join(folder, `${name}.bicepparam`)],
    ...(scopes[name] ?? inSubscription()),
    ...['--tenant-id', '00000000-0000-0000-0000-000000000002'],
    ...['--location', 'westeurope', '--deployment-name', 'steward'],
  ];
}

export function snapshotIn(folder: string, name: string): Snapshot {
  return JSON.parse(readFileSync(join(folder, `${name}.snapshot.json`), 'utf8')) as Snapshot;
}

/** Holds what would be deployed against what was committed; STEWARD_RECORD=1 commits it anew. */
export function heldAgainstSnapshot(bicep: Bicep, name: ParameterSet): Compilation {
  const recording = process.env['STEWARD_RECORD'] === '1';
  const mode = recording ? 'overwrite' : 'validate';
  const result = bicep.run(...snapshotArguments(name), '--mode', mode);
  if (recording) sortOutputs(name);
  return result;
}

/** The compiler writes them in another order every time. */
function sortOutputs(name: ParameterSet): void {
  const snapshot = snapshotIn(parameterFolder, name);
  const outputs = Object.entries(snapshot.outputs).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify({ ...snapshot, outputs: Object.fromEntries(outputs) }, undefined, 2);
  writeFileSync(join(parameterFolder, `${name}.snapshot.json`), `${text}\n`);
}

/** What a parameter set deploys, as it was committed. */
export function deployedBy(name: ParameterSet): readonly Deployed[] {
  return snapshotIn(parameterFolder, name).predictedResources;
}

/** All that is deployed by any of them. */
export const everything: readonly (readonly [ParameterSet, Deployed])[] = [
  ...steward,
  ...fleet,
].flatMap((name) => deployedBy(name).map((resource) => [name, resource] as const));

export function ofType(type: string): readonly (readonly [ParameterSet, Deployed])[] {
  return everything.filter(([, resource]) => resource.type === type);
}

/** The parameter files that have a committed snapshot. */
export const committed = readdirSync(parameterFolder)
  .filter((file) => file.endsWith('.snapshot.json'))
  .map((file) => file.replace('.snapshot.json', ''));

function inSubscription(): readonly string[] {
  return ['--subscription-id', '00000000-0000-0000-0000-000000000001'];
}
