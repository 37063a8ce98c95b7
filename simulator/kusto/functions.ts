import { arrayFunctions } from './array-functions';
import type { ScalarFunction } from './call';
import { conversionFunctions } from './conversion-functions';
import { nullFunctions } from './null-functions';
import { numberFunctions } from './number-functions';
import { textFunctions } from './text-functions';
import { textPartFunctions } from './text-part-functions';
import { timeFunctions } from './time-functions';

/** All functions of one row, by name. */
export const scalarFunctions: ReadonlyMap<string, ScalarFunction> = new Map([
  ...conversionFunctions,
  ...textFunctions,
  ...textPartFunctions,
  ...nullFunctions,
  ...numberFunctions,
  ...arrayFunctions,
  ...timeFunctions,
]);
