import { armGuid } from '../../../domain/arm/guid';

describe('armGuid', () => {
  it('gives what ARM gives for known arguments', () => {
    expect(armGuid('a', 'b', 'c')).toBe('a98fa280-e03f-5afa-8d8e-92d0a9c201e8');
  });

  it('joins its arguments by a hyphen', () => {
    expect(armGuid('a-b', 'c')).toBe(armGuid('a', 'b', 'c'));
  });

  it.each([[['']], [['ü', '漢', '🙂']], [['a'.repeat(10_000)]]])(
    'is a version 5 UUID of the RFC variant for %#',
    (parts) => {
      expect(armGuid(...parts)).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    },
  );
});
