import { compileComparison } from './compare';
import type { Position } from './kusto-error';
import type { Scalar } from './scalar';

/** `subject between (low .. high)`, both ends included. */
export interface Between {
  readonly at: Position;
  readonly negated: boolean;
  readonly subject: Scalar;
  readonly low: Scalar;
  readonly high: Scalar;
}

/** @throws KustoError when the types cannot be ordered. */
export function compileBetween({ at, negated, subject, low, high }: Between): Scalar {
  const above = compileComparison({ at, operator: '>=', left: subject, right: low });
  const below = compileComparison({ at, operator: '<=', left: subject, right: high });
  return {
    type: 'bool',
    evaluate: (evaluation) => {
      const least = above.evaluate(evaluation);
      const most = below.evaluate(evaluation);
      if (least === null || most === null) return null;
      return (least === true && most === true) !== negated;
    },
  };
}
