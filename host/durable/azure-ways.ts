import type { Strictness } from './contract';

/**
 * What Azure does and nobody would want on their own machine. Only `--strict off` does it as well, so
 * that this host can be compared with Azure; everything else is the same in every mode.
 */
export interface AzureWays {
  /** A purge by filter takes live instances, and entities. */
  readonly purgesLive: boolean;
  /** A deleted entity stays in the list of instances. */
  readonly keepsDeletedEntities: boolean;
  /** Nobody finds a child before its first run: for ever, if its version may not run. */
  readonly hidesUnstartedChildren: boolean;
  /** What an entity signals goes to the name as written: in another letter case nobody can reach it. */
  readonly signalsNamesAsWritten: boolean;
  /** Timers fire up to a second early, since storage keeps delays in whole seconds. */
  readonly firesEarly: boolean;
  /** Several starts with one id that come at once are all accepted; one of them has an effect. */
  readonly acceptsRacingStarts: boolean;
}

export function azureWays(strict: Strictness): AzureWays {
  const asOnAzure = strict === 'off';
  return {
    purgesLive: asOnAzure,
    keepsDeletedEntities: asOnAzure,
    hidesUnstartedChildren: asOnAzure,
    signalsNamesAsWritten: asOnAzure,
    firesEarly: asOnAzure,
    acceptsRacingStarts: asOnAzure,
  };
}
