import { access, constants } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';

import type { Reach, Reached } from '../clients/reach';
import { eventsQueueUri } from '../settings/platform';
import type { Environment, Settings } from '../settings/parse-settings';
import { note, ok, problem, reasonOf } from './check';
import type { Check } from './check';

/** Ways out of here. */
export interface Ways {
  /** To Azure, without a token: that it answers is enough. */
  readonly reach: Reach;
  /** To storage, as the host identity. */
  readonly reachStorage: (url: string) => Promise<Reached>;
}

const area = 'reachability';
/** An hour of validity is no help to a token from the future; Entra and Azure forgive five minutes. */
const mostSkewMs = 120_000;

/** Whether what Steward talks to answers, and what time it is there. */
export async function checkReachability(
  settings: Settings,
  environment: Environment,
  ways: Ways,
): Promise<readonly Check[]> {
  const { armEndpoint, graphEndpoint, authority } = settings;
  const endpoints = [
    ['Azure Resource Manager', `${armEndpoint}/subscriptions?api-version=2022-12-01`],
    ['Microsoft Graph', `${graphEndpoint}/v1.0/servicePrincipals`],
    ['Microsoft Entra ID', `${authority}/common/discovery/instance?api-version=1.1`],
  ] as const;
  const all = await Promise.all([
    ...endpoints.map(([name, url]) => checkEndpoint(name, url, ways)),
    checkRecords(settings, ways),
    settings.eventDelivery === 'queue' ? checkQueue(environment, ways) : [],
  ]);
  return all.flat();
}

async function checkEndpoint(name: string, url: string, { reach }: Ways): Promise<Check[]> {
  const { origin } = new URL(url);
  try {
    const { status, aheadMs } = await reach(url);
    if (status >= 500) return [note(area, `${name} at ${origin} answers ${status}.`)];
    return [ok(area, `${name} answers at ${origin}.`), ...clockOf(name, aheadMs)];
  } catch (error) {
    const next = 'Let the app reach it: look at DNS, firewall and STEWARD_CLOUD.';
    return [problem(area, `${name} does not answer at ${origin}: ${reasonOf(error)}. ${next}`)];
  }
}

function clockOf(name: string, aheadMs: number | undefined): Check[] {
  if (aheadMs === undefined) return [];
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (Math.abs(aheadMs) <= mostSkewMs) return [ok('clock', `The clock agrees with ${name}.`)];
  const way = aheadMs > 0 ? 'behind' : 'ahead of';
  const cause = `The clock here is ${seconds} seconds ${way} that of ${name}.`;
  return [problem('clock', `${cause} Set it: tokens are refused by the wrong time.`)];
}

async function checkRecords({ records }: Settings, ways: Ways): Promise<Check[]> {
  if (records.kind === 'sqlite') return [await checkFile(resolve(records.file))];
  return checkStorage(ways, {
    name: 'The table service',
    url: `${records.url}/Tables?$top=1`,
    role: 'Storage Table Data Contributor',
    absent: 'Set STEWARD_RECORDS to the URI of a table service.',
  });
}

/** The file is not made here, nor is its folder. */
async function checkFile(file: string): Promise<Check> {
  const folder = await firstThatExists(dirname(file));
  try {
    await access(`${folder}${sep}.`, constants.W_OK); // with the dot: a file is no folder
    return ok(area, `Records can be kept in ${file}.`);
  } catch {
    return problem(
      area,
      `Nothing can be written to ${folder}. Set STEWARD_RECORDS to another place.`,
    );
  }
}

async function firstThatExists(folder: string): Promise<string> {
  const exists = await access(folder).then(
    () => true,
    () => folder === dirname(folder),
  );
  return exists ? folder : firstThatExists(dirname(folder));
}

async function checkQueue(environment: Environment, ways: Ways): Promise<Check[]> {
  const uri = environment[eventsQueueUri]?.replace(/\/+$/, '');
  if (uri === undefined) {
    return [note(area, 'The queue steward-events is reached by a key and was not looked at.')];
  }
  return checkStorage(ways, {
    name: 'The queue steward-events',
    url: `${uri}/steward-events?comp=metadata`,
    role: 'Storage Queue Data Contributor',
    absent: 'Create it: the deployment of infra/ does.',
  });
}

async function checkStorage(
  { reachStorage }: Ways,
  of: {
    readonly name: string;
    readonly url: string;
    readonly role: string;
    readonly absent: string;
  },
): Promise<Check[]> {
  const { name, url, role, absent } = of;
  const { origin } = new URL(url);
  try {
    const { status } = await reachStorage(url);
    if (status < 300) return [ok(area, `${name} answers at ${origin}.`)];
    const next = status === 404 ? absent : `Assign the role ${role} to the host identity there.`;
    return [problem(area, `${name} at ${origin} answers ${status}. ${next}`)];
  } catch (error) {
    const next = 'Let the app reach it, or correct the address.';
    return [problem(area, `${name} does not answer at ${origin}: ${reasonOf(error)}. ${next}`)];
  }
}
