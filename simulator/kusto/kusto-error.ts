/** Where a query goes wrong: lines count from 1, characters from 0, named and counted as Resource Graph does. */
export interface Position {
  readonly line: number;
  readonly characterPositionInLine: number;
}

/**
 * What is wrong, in the words Resource Graph uses in `error.details[].code`. `InvalidQueryLanguage` is
 * also the answer to Kusto that is correct but not evaluated here: it is refused, never guessed.
 */
export type KustoErrorCode =
  | 'ParserFailure'
  | 'InvalidQueryLanguage'
  | 'DisallowedLogicalTableName'
  | 'UnresolvedColumn'
  | 'UnknownFunction'
  | 'TypeMismatch'
  | 'DisallowedMaxNumberOfRemoteTables'
  | 'LimitsExceeded';

/** A query that cannot be answered. Resource Graph turns it into a 400. */
export class KustoError extends Error {
  readonly code: KustoErrorCode;
  readonly position: Position;

  constructor(code: KustoErrorCode, position: Position, message: string) {
    super(`${message} (line ${position.line}, character ${position.characterPositionInLine})`);
    this.name = 'KustoError';
    this.code = code;
    this.position = position;
  }
}
