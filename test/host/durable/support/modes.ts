import type { InstanceRecord, Strictness } from '../../../../host/durable/engine';
import { Driver, shown } from './driver';

/** A hazard that an orchestrator runs into, and how Azure ends it. */
export interface Case {
  /** Name of the orchestrator. */
  readonly run: string;
  readonly input?: unknown;
  readonly code: string;
  readonly severity: 'failure' | 'warning';
  /** Part of the message. */
  readonly says: string;
  /** What it comes to on Azure: the output, a failure that contains a text, or nothing ever. */
  readonly azure: { readonly output: unknown } | { readonly fails: string } | 'hangs';
  /** What others do to the instance meanwhile. */
  readonly meanwhile?: (driver: Driver, id: string) => Promise<unknown>;
}

type Ending = InstanceRecord | 'hangs';

/** Runs a case in one mode, to its end or until nothing more happens. */
async function ran(driver: Driver, one: Case): Promise<{ id: string; ending: Ending }> {
  const id = await driver.start(one.run, one.input);
  await driver.rest();
  await one.meanwhile?.(driver, id);
  const ending = await driver.ended(id).catch((error: unknown): 'hangs' => {
    if (String(error).includes('Nothing more happens')) return 'hangs';
    throw error;
  });
  return { id, ending };
}

/** Registers the tests of cases: what strict mode does with them, what `warn` says, what `off` lets pass. */
export function testInEachMode(cases: readonly Case[]): void {
  const rows = cases.map(
    (one) => [`${one.code}: ${one.run} ${JSON.stringify(one.input ?? '')}`, one] as const,
  );
  let driver: Driver;
  const open = (strict: Strictness): void => {
    driver = new Driver({ strict });
    driver.engine.open();
  };

  afterEach(() => driver.engine.close(100));

  test.each(rows)('strict mode names %s', async (_title, one) => {
    open('on');

    const { id, ending } = await ran(driver, one);

    const found = driver.logs.filter((line) => line.includes(`: ${one.code}: `));
    expect(found).toEqual([expect.stringContaining(one.says)]);
    if (one.severity === 'failure') {
      expect(found[0]).toMatch(/^error: /);
      expect(ending).toMatchObject({ runtimeStatus: 'Failed' });
      expect((ending as InstanceRecord).output).toContain(`failed: ${one.code}: `);
    } else {
      expect(found[0]).toContain(`warning: ${id}: ${one.code}: `);
      expectAsOnAzure(ending, one);
    }
  });

  test.each(rows)('warn mode tells and imitates Azure: %s', async (_title, one) => {
    open('warn');

    const { ending } = await ran(driver, one);

    const found = driver.logs.filter((line) => line.includes(`: ${one.code}: `));
    expect(found).toEqual([expect.stringMatching(/^warning: /)]);
    expect(found[0]).toContain(one.says);
    expectAsOnAzure(ending, one);
  });

  test.each(rows)('off imitates Azure without a word: %s', async (_title, one) => {
    open('off');

    const { ending } = await ran(driver, one);

    expect(driver.logs).toEqual([]);
    expectAsOnAzure(ending, one);
  });
}

function expectAsOnAzure(ending: Ending, { azure }: Case): void {
  if (azure === 'hangs' || ending === 'hangs') expect(ending).toBe(azure);
  else if ('fails' in azure) {
    expect(ending.runtimeStatus).toBe('Failed');
    expect(ending.output).toContain(azure.fails);
  } else {
    expect([ending.runtimeStatus, shown(ending.output)]).toEqual(['Completed', azure.output]);
  }
}

/** Registers tests of code that works on Azure: strict mode says nothing about it. */
export function testSound(
  cases: readonly (Pick<Case, 'run' | 'input' | 'meanwhile'> & { readonly output: unknown })[],
): void {
  test.each(cases.map((one) => [`${one.run} ${JSON.stringify(one.input ?? '')}`, one] as const))(
    'strict mode lets pass what is sound: %s',
    async (_title, one) => {
      const driver = new Driver({ strict: 'on' });
      driver.engine.open();

      const { ending } = await ran(driver, {
        ...one,
        code: '',
        severity: 'warning',
        says: '',
        azure: 'hangs',
      });
      await driver.engine.close(100);

      expect(driver.logs).toEqual([]);
      expect(ending).toMatchObject({ runtimeStatus: 'Completed' });
      expect(shown((ending as InstanceRecord).output)).toEqual(one.output);
    },
  );
}
