import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { capabilityNeeds } from '../../activities/capabilities';
import { stewardPrincipal } from '../../cli/local-runtime';
import { capabilities } from '../../domain/permissions';
import { startSimulator } from '../../simulator';
import { aWireCluster } from '../activities/support/resources';
import { startProgram, temporaryFolder } from './support/steward-process';
import type { Ended } from './support/steward-process';

jest.setTimeout(60_000);

const subscription = '/subscriptions/4e1f6a52-0c8d-4b5e-8f37-9a2d6c11b001';
const group = `${subscription}/resourceGroups/rg-orders`;
const askingRights = 'Microsoft.Authorization/permissions/read';

interface Report {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly area: string;
    readonly state: string;
    readonly text: string;
  }[];
}

/** A simulated Azure with one cluster, in which Steward may do exactly these things. */
async function anAzureThatGrants(actions: readonly string[]) {
  const azure = await startSimulator({ port: 0, control: true, speed: 1, scenario: {} });
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${azure.url}/_simulator/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return answer.json();
  };
  const name = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa';
  const below = `${subscription}/providers/Microsoft.Authorization`;
  const definition = `${below}/roleDefinitions/${name}`;
  const resources = [
    aWireCluster({ fqdn: '127.0.0.1' }),
    {
      ...{ id: definition, name, type: 'Microsoft.Authorization/roleDefinitions' },
      properties: { roleName: 'Steward', permissions: [{ actions }], assignableScopes: ['/'] },
    },
    {
      ...{ id: `${below}/roleAssignments/${name}`, name },
      type: 'Microsoft.Authorization/roleAssignments',
      properties: {
        ...{ principalId: stewardPrincipal, roleDefinitionId: definition },
        scope: subscription,
      },
    },
  ];
  await control('PUT', 'world', { resources });
  await control('PATCH', 'behaviour', { rights: 'enforced' });
  return {
    url: azure.url,
    calls: async () =>
      Object.values((await control('GET', 'calls')) as object) as { readonly method: string }[],
    [Symbol.asyncDispose]: () => azure.close(),
  };
}

/** `npm run doctor` with settings from a file, without npm. */
async function doctor(
  values: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<Ended> {
  const folder = temporaryFolder();
  const settings = join(folder.path, 'settings.json');
  const Values = {
    STEWARD_SUBSCRIPTIONS: subscription.split('/')[2],
    STEWARD_RECORDS: `sqlite:${join(folder.path, 'records', 'steward.db')}`,
    ...values,
  };
  writeFileSync(settings, JSON.stringify({ IsEncrypted: false, Values }));
  const ended = await startProgram('doctor', ['--settings', settings, ...args]).ended;
  folder.remove();
  return ended;
}

const on = (azure: { readonly url: string }): Record<string, string> => ({
  STEWARD_ARM_GATEWAY: azure.url,
  IDENTITY_ENDPOINT: `${azure.url}/_identity/token`,
  IDENTITY_HEADER: stewardPrincipal,
});
const reported = ({ stdout }: Ended): Report => JSON.parse(stdout) as Report;
const everything = [...new Set(Object.values(capabilityNeeds).flat()), askingRights];

describe('npm run doctor', () => {
  it('finds nothing wrong where all is granted, by reads alone', async () => {
    await using azure = await anAzureThatGrants(everything);

    const ended = await doctor(on(azure), '--need', 'all');

    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).not.toMatch(/^[✗·]/m);
    expect(ended.stdout).toMatch(/\n\nNothing is wrong\.\n$/);
    for (const [name, enables] of Object.entries(capabilities)) {
      expect(ended.stdout).toContain(`✓ permissions  ${name}: may ${enables}.`);
    }
    const methods = (await azure.calls()).map(({ method }) => method);
    expect(new Set(methods)).toEqual(new Set(['GET']));
  });

  it('is content with what reports need, and lists what the rest would need', async () => {
    await using azure = await anAzureThatGrants([...capabilityNeeds.report, askingRights]);

    const { code, stdout } = await doctor(on(azure));

    expect(code).toBe(0);
    expect(stdout).toContain(
      `· permissions  nodeImages: may not re-image node pools at ${subscription}. Grant Microsoft.ContainerService/managedClusters/agentPools/upgradeNodeImageVersion/action.`,
    );
  });

  it.each([
    'Microsoft.ContainerService/managedClusters/read',
    'Microsoft.Authorization/roleAssignments/read',
  ])('names %s where it is missing', async (missing) => {
    const granted = capabilityNeeds.report.filter((action) => action !== missing);
    await using azure = await anAzureThatGrants([...granted, askingRights]);

    const ended = await doctor(on(azure), '--json');

    const { ok, checks } = reported(ended);
    const problems = checks.filter(({ state }) => state === 'problem');
    const cannotList = missing === 'Microsoft.ContainerService/managedClusters/read';
    expect({ ok, code: ended.code }).toEqual({ ok: false, code: 1 });
    expect(problems.map(({ area, text }) => [area, text])).toEqual(
      (cannotList ? [subscription] : [subscription, group]).map((scope) => [
        'permissions',
        `report: may not ${capabilities.report} at ${scope}. Grant ${missing}.`,
      ]),
    );
  });

  it('tries the way to each API server when that is asked for', async () => {
    await using azure = await anAzureThatGrants([...capabilityNeeds.report, askingRights]);

    const { code, stdout } = await doctor(on(azure), '--clusters');

    expect(code).toBe(1);
    expect(stdout).toMatch(
      /✗ reachability The API server of \S+aks-orders cannot be reached at 127\.0\.0\.1: connect ECONNREFUSED 127\.0\.0\.1:443\. /,
    );
    expect(stdout).toContain('0 of 1 API servers can be reached.');
  });

  it('says that nobody is signed in where there is neither an identity nor the Azure CLI', async () => {
    await using azure = await anAzureThatGrants([]);

    const { code, stdout } = await doctor({ STEWARD_ARM_GATEWAY: azure.url, PATH: '' });

    expect(code).toBe(1);
    expect(stdout).toContain(
      `✗ permissions  Azure does not say what may be done at ${subscription}: no token: Azure CLI could not be found.`,
    );
  });

  it('has a line for each thing that is wrong with the settings, and then asks nobody', async () => {
    const { code, stdout } = await doctor({
      STEWARD_AUTH: 'x',
      STEWARD_RECORD: 'x',
      STEWARD_RECORDS: '',
    });

    expect(code).toBe(1);
    expect(stdout.split('\n')).toEqual([
      '✗ settings     Setting STEWARD_RECORDS is missing. Set it to sqlite:<file> or tables:<URI of a table service>, such as sqlite:.data/steward.db.',
      "✗ settings     Setting STEWARD_AUTH is 'x'. Set it to keys or entra.",
      '· settings     Setting STEWARD_RECORD is not known and has no effect. Did you mean STEWARD_RECORDS?',
      '',
      '2 to be mended.',
      '',
    ]);
  });

  it('tells what does not answer', async () => {
    const nobody = 'http://127.0.0.1:9';
    const ended = await doctor({ ...on({ url: nobody }) }, '--json');

    const { checks } = reported(ended);
    const problems = checks.filter(({ state }) => state === 'problem').map(({ text }) => text);
    expect(ended.code).toBe(1);
    expect(problems).toEqual([
      expect.stringMatching(/^Azure Resource Manager does not answer at https:\/\/management\./),
      expect.stringMatching(/^Microsoft Graph does not answer at https:\/\/graph\./),
      expect.stringMatching(/^Microsoft Entra ID does not answer at https:\/\/login\./),
      expect.stringContaining(`Azure does not say what may be done at ${subscription}: no token`),
    ]);
  });

  it('says when the API is closed to everybody', async () => {
    await using azure = await anAzureThatGrants([...capabilityNeeds.report, askingRights]);
    const entra = {
      STEWARD_AUTH: 'entra',
      STEWARD_RECORDS: `tables:${azure.url}`,
      WEBSITE_SITE_NAME: 'func-7q3',
    };

    const [off, on_] = [
      await doctor({ ...on(azure), ...entra }),
      await doctor({ ...on(azure), ...entra, WEBSITE_AUTH_ENABLED: 'True' }),
    ];

    const line =
      '✗ settings     App Service authentication is off, and STEWARD_AUTH=entra refuses every call then. Turn it on, or set STEWARD_AUTH to keys.';
    expect(off.stdout.split('\n')).toContain(line);
    expect(on_.stdout.split('\n')).not.toContain(line);
  });

  it.each([
    [
      ['--need', 'everything'],
      "doctor: --need has 'everything'; it must be all, or some of report,",
    ],
    [['--fix'], "doctor: Unknown option '--fix'"],
    [['--settings', '/nowhere.json'], 'doctor: /nowhere.json cannot be read as settings: ENOENT'],
  ])('refuses %j in one line', async (args, line) => {
    const { code, stderr } = await startProgram('doctor', args).ended;

    expect(code).toBe(2);
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringContaining(line)]);
  });
});
