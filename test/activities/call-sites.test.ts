import type { Outcome } from '../../domain/outcome';
import { anAzure } from './support/azure';
import type { TestAzure } from './support/azure';
import { titledCases } from './support/cases';
import type { Case } from './support/case';

const calling = titledCases.filter(
  ([name]) => !/^(storePlan|concludeRun|noteIdentityChange|noteAcceptance)/.test(name),
);

describe('every call to Azure that an activity makes', () => {
  it.each(calling)('is repeated when it fails for now: %s', async (_name, one) => {
    for (const operation of await operationsOf(one)) {
      for (const [what, fault] of passing) {
        await using azure = await anAzure(one.world);
        await azure.fail({ match: { operation }, count: 9, ...fault });

        const outcome = await ending(one, azure);

        expect({ operation, what, outcome }).toEqual({
          operation,
          what,
          outcome: { name: 'TransientError' },
        });
      }
    }
  });

  it.each(calling)(
    'ends as a failure that says what to do when refused: %s',
    async (_name, one) => {
      for (const operation of await operationsOf(one)) {
        await using azure = await anAzure(one.world);
        await azure.fail({ match: { operation }, count: 9, answer: forbidden });

        const outcome = await ending(one, azure);

        if (optional.includes(operation) || one.optional?.includes(operation) === true) {
          expect({ operation, outcome }).toMatchObject({ operation, outcome: { ok: true } });
          continue;
        }
        expect({ operation, outcome }).toEqual({
          operation,
          outcome: {
            ok: false,
            failure: {
              code: 'Forbidden',
              message: said(operation),
              next: "Grant Steward's identity the action at the scope that the message names, then onboard again.",
              target: expect.stringMatching(/^\//) as string,
            },
          },
        });
      }
    },
  );
});

/** What a plan can do without: it is unknown then. */
const optional: readonly string[] = [
  'userassignedidentities/federatedidentitycredentials/list',
  'registries/read',
  'vaults/read',
  'virtualnetworks/read',
  'locks/list',
];

const passing = [
  ['throttled', { answer: { status: 429, code: 'Throttled', retryAfterSeconds: 30 } }],
  ['out of order', { answer: { status: 503, code: 'ServerBusy' } }],
  ['cut off', { reset: 'before' }],
] as const;

const forbidden = {
  status: 403,
  code: 'AuthorizationFailed',
  message: 'The client may not do this.',
} as const;

/** The paging of the SDK for container services loses ARM's words. */
function said(operation: string): string {
  return operation === 'managedclusters/list'
    ? 'Azure answers the request for a list, which takes Microsoft.ContainerService/managedClusters/read, with 403 AuthorizationFailed.'
    : forbidden.message;
}

/** What the case asks of Azure when nothing goes wrong, each once. */
async function operationsOf(one: Case): Promise<readonly string[]> {
  await using azure = await anAzure(one.world);
  await one.act(azure);
  // API servers of clusters are not ARM: test/clients/kubernetes has what may come from them.
  const operations = (await azure.calls())
    .filter(({ provider }) => provider !== 'Kubernetes')
    .map(({ operation }) => operation.toLowerCase());
  const poll = operations.filter((operation) => operation === one.only);
  return [...new Set(poll.length > 0 ? poll : operations)];
}

async function ending(one: Case, azure: TestAzure): Promise<Outcome<unknown> | { name: string }> {
  try {
    return await one.act(azure);
  } catch (error) {
    return { name: error instanceof Error ? error.name : String(error) };
  }
}
