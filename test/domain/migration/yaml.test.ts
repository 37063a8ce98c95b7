import fc from 'fast-check';
import { parse } from 'yaml';

import { toYaml } from '../../../domain/migration/manifests/yaml';
import type { Json } from '../../../domain/migration/snapshot';

describe('YAML', () => {
  it('is read as what was written, by readers of both versions', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const json = JSON.parse(JSON.stringify(value)) as Json;
        for (const version of ['1.1', '1.2'] as const) {
          expect(parse(toYaml(json), { version })).toEqual(json);
        }
      }),
    );
  });

  it.each([
    'true',
    'Yes',
    'off',
    'null',
    '~',
    '1e3',
    '0x1F',
    '012',
    '2024-01-01',
    'a: b',
    '- x',
    '#x',
    '',
    ' x',
    'x:',
    '<<',
    '=',
  ])('keeps %j a text', (text) => {
    for (const version of ['1.1', '1.2'] as const) {
      expect(parse(toYaml({ text, [text]: [text] }), { version })).toEqual({
        text,
        [text]: [text],
      });
    }
  });
});
