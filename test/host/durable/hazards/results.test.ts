import { activity, attempt, firstLine, orchestrator } from '../support/define';
import { Driver, shown } from '../support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('../support/functions-core'), {
  virtual: true,
});

const values: Readonly<Record<string, unknown>> = {
  true: true,
  nan: NaN,
  map: { map: new Map([[1, 2]]) },
  bytes: Buffer.from('abc'),
  bigint: { n: 1n },
  reference: { $ref: '1', x: 1 },
  big: 1e21,
  'big inside': { n: 1e21 },
  safe: Number.MAX_SAFE_INTEGER,
  text: 'text',
};

activity('make', (kind: string) => values[kind]);

describe('the result of an activity', () => {
  orchestrator('receives', function* (df) {
    const value = yield* attempt(df.callActivity('make', df.getInput()));
    return typeof value === 'string' ? firstLine(value) : value;
  });

  const seen = async (strict: 'on' | 'warn' | 'off', kind: string): Promise<unknown[]> => {
    const driver = new Driver({ strict });
    driver.engine.open();
    const { instanceId, output } = await driver.run('receives', kind);
    await driver.engine.close(100);
    return [shown(output), driver.logs.map((line) => line.replace(instanceId, 'id'))];
  };

  test.each([
    [
      'nan',
      "ValueLost: the result of 'make' is not what arrives on Azure: NaN does not arrive as a number. Pass plain data that JSON can hold.",
      'NaN',
    ],
    [
      'big',
      "ValueLost: the result of 'make' is 1e+21; on Azure only its last 64 bits arrive. Return it in an object, or as a text.",
      3875820019684212700,
    ],
    [
      'map',
      "ValueLost: the result of 'make' (at map) is not what arrives on Azure: Map arrives without its content. Pass plain data that JSON can hold.",
      { map: {} },
    ],
  ])('fails in strict mode when it is lost: %s', async (kind, sentence, azure) => {
    expect(await seen('on', kind)).toEqual([
      `Activity function 'make' failed: ${sentence}`,
      [`error: id: ${sentence}`],
    ]);
    expect(await seen('warn', kind)).toEqual([azure, [`warning: id: ${sentence}`]]);
    expect(await seen('off', kind)).toEqual([azure, []]);
  });

  test.each(['on', 'warn'] as const)('only changes its form: bytes (%s)', async (strict) => {
    expect(await seen(strict, 'bytes')).toEqual([
      'YWJj',
      [expect.stringContaining('warning: id: ValueChangesForm: ') as string],
    ]);
  });

  test.each([
    ['bigint', 'Do not know how to serialize a BigInt', 'NotJson: '],
    ['reference', 'Additional content found in JSON reference object.', 'ReferenceKey: '],
  ])('fails in every mode when nobody can read it: %s', async (kind, azure, code) => {
    const [named] = await seen('on', kind);
    const [told, logs] = await seen('warn', kind);
    const [output, silence] = await seen('off', kind);

    expect(named).toContain(`Activity function 'make' failed: ${code}`);
    expect([told, output]).toEqual([
      expect.stringContaining(azure) as string,
      expect.stringContaining(azure) as string,
    ]);
    expect([logs, silence]).toEqual([[expect.stringContaining(`: ${code}`) as string], []]);
  });

  test.each([
    ['true', true],
    ['safe', Number.MAX_SAFE_INTEGER],
    ['big inside', { n: 1e21 }],
    ['text', 'text'],
  ])('is sound: %s', async (kind, value) => {
    expect(await seen('on', kind)).toEqual([value, []]);
  });
});
