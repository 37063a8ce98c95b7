import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { proposalCodes } from '../../../domain/migration/approvals';
import type { JsonObject } from '../../../simulator/json';
import { objectAt, textAt } from '../../../simulator/json';
import type { Call } from '../../activities/support/azure';
import { everything, migrating } from '../../migration/support/migration';
import type { Migrating } from '../../migration/support/migration';
import { traces } from './ending';
import type { Ending, Job } from './ending';
import { grants, managedIdentityAt } from './grants';

const proposals = proposalCodes.map((code) => ({ code }));

/** A migration of the clusters of a shared scenario, and the way back afterwards. */
export function migrationOf(
  fixture: string,
  links: readonly string[] = [],
  change: (given: JsonObject) => JsonObject = (given) => given,
): Job {
  const path = join(__dirname, '../../data/pod-identity', fixture);
  const { given } = JSON.parse(readFileSync(path, 'utf8')) as { readonly given: JsonObject };
  const carryOut: Job['carryOut'] = (roles, removed = '') =>
    migrate(change(given), grants(subscriptionOf(given), roles, removed));
  return { links, set: 'migration', carryOut };
}

async function migrate(given: JsonObject, roles: readonly JsonObject[]): Promise<Ending> {
  const clusters = Object.keys(objectAt(given, 'kubernetes'));
  await using steward = await migrating(given, { credentialOf: managedIdentityAt });
  await grant(steward, roles);
  const before = await calls(steward);
  const end = await outcome(steward, clusters);
  return { ...end, ...traces((await calls(steward)).slice(before.length)) };
}

function subscriptionOf(given: JsonObject): string {
  const [first = ''] = Object.keys(objectAt(given, 'kubernetes'));
  return first.split('/').slice(0, 3).join('/');
}

async function outcome(
  steward: Migrating,
  clusters: readonly string[],
): Promise<Pick<Ending, 'ok' | 'message' | 'next'>> {
  try {
    await steward.plan(clusters, { probeImage: 'steward-probe' });
  } catch (error) {
    return { ...failureIn(error), ok: false };
  }
  const applied = await steward.apply([...everything, ...proposals]);
  const [failure] = (await steward.failures()) as readonly { message: string; next: string }[];
  if (failure) return { ok: false, message: failure.message, next: failure.next };
  const back = await steward.rollBack();
  const ends = `${applied}, ${back}`;
  return { ok: ends === 'succeeded, rolled-back', message: ends, next: '' };
}

function failureIn(error: unknown): { readonly message: string; readonly next: string } {
  const text = error instanceof Error ? error.message : '';
  return JSON.parse(text) as { message: string; next: string };
}

async function calls(steward: Migrating): Promise<readonly Call[]> {
  return Object.values(await steward.control('GET', 'calls?limit=100000')) as unknown as Call[];
}

/** As an administrator does it, before rights are enforced. */
async function grant(steward: Migrating, roles: readonly JsonObject[]): Promise<void> {
  for (const one of roles) {
    const id = textAt(one, 'id') ?? '';
    const properties = objectAt(one, 'properties');
    const url = `${steward.simulator.url}${id}?api-version=2022-04-01`;
    const answer = await fetch(url, {
      method: 'PUT',
      headers: { authorization: 'Bearer administrator', 'content-type': 'application/json' },
      body: JSON.stringify({ properties: { ...properties, type: 'CustomRole' } }),
    });
    if (!answer.ok) throw new Error(`${id}: ${await answer.text()}`);
  }
  steward.pass(15); // until Azure honours them
  await steward.control('PATCH', 'behaviour', { rights: 'enforced' });
}
