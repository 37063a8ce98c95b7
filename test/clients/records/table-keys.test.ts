import fc from 'fast-check';

import { rowKeyOf } from '../../../clients/records/table-keys';

const anyId = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(
      ...['a', 'A', 'z', 'Z', '0', '9', '-', '_', '.', '~', '!', '/', '=', '^', '`', '@', '[', '{'],
      ...[' ', '\u0000', '\u007F', 'é', '\uFFFD', '😀'],
    ),
    maxLength: 12,
  }),
);

describe('the key of a row', () => {
  it('is readable for the ids that most records have', () => {
    expect(rowKeyOf('run_01JD3Z8Q4M0000000000000000')).toBe('run_01JD3Z8Q4M0000000000000000');
    expect(rowKeyOf('c_8H2K~a/b.c')).toBe('c_8H2K~7Ea.2Fb.2Ec');
  });

  it('sorts as the bytes of the id, and is another one for another id', () => {
    fc.assert(
      fc.property(anyId, anyId, (a, b) => {
        const [first, second] = [rowKeyOf(a), rowKeyOf(b)];
        const order = first < second ? -1 : Number(first > second);
        expect(order).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 5_000 },
    );
  });

  it('has only characters that every key may have', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (id) => {
        expect(rowKeyOf(id)).toMatch(/^[-\w!.=^`~]{0,512}$/);
      }),
    );
  });

  it('fits, and stays the key of one id, where the id is too long', () => {
    const ids = ['', 'x', 'y', 'xx'].map((end) => '/'.repeat(1000) + end);

    const keys = ids.map(rowKeyOf);

    expect(keys.map(({ length }) => length)).toEqual([512, 512, 512, 512]);
    expect(new Set(keys).size).toBe(4);
    expect(rowKeyOf('x'.repeat(512))).toBe('x'.repeat(512));
    expect(rowKeyOf('x'.repeat(513))).toMatch(/^x{447}~[0-9a-f]{64}$/);
  });
});
