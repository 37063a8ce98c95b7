import {
  FailureError,
  TransientError,
  assertNever,
  failureCodes,
  failureOf,
  toKebabCase,
} from '../../domain/outcome';

describe('failureOf', () => {
  it('gives back a decided failure as it is', () => {
    const failure = { code: 'Locked', message: 'There is a lock.', target: '/a' } as const;

    expect(failureOf(new FailureError(failure))).toBe(failure);
  });

  it.each([
    ['an error', new Error('x is undefined\n    at y'), 'x is undefined'],
    ['a transient error that was repeated in vain', new TransientError('429'), '429'],
    ['text', 'boom', 'boom'],
    ['nothing', undefined, 'undefined'],
  ])('makes the failure Internal of %s, with its first line', (_case, thrown, message) => {
    expect(failureOf(thrown)).toMatchObject({ code: 'Internal', message });
  });
});

describe('toKebabCase', () => {
  it('gives every failure code its one form outside', () => {
    expect(failureCodes.map(toKebabCase)).toEqual([
      'invalid-input',
      'not-found',
      'forbidden',
      'denied-by-policy',
      'locked',
      'quota-exceeded',
      'missing-role',
      'credentials-expired',
      'owned-elsewhere',
      'no-newer-image',
      'feature-pending',
      'feature-vanished',
      'cluster-stopped',
      'cluster-broken',
      'pod-identity-in-use',
      'conflict',
      'unsupported',
      'operation-failed',
      'not-verified',
      'unavailable',
      'approval-missing',
      'stopped',
      'switched-off',
      'rolled-back',
      'deadline-exceeded',
      'internal',
    ]);
  });
});

describe('assertNever', () => {
  it('shows what should not have come', () => {
    expect(() => assertNever({ kind: 'new' } as never)).toThrow('unreachable: {"kind":"new"}');
  });
});
