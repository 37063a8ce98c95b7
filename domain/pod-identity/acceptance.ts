/**
 * Somebody's word that a cluster runs the unsupported add-on on purpose, and until when. A cluster that was
 * re-created under the same id has none.
 */
export interface Acceptance {
  /** Last day on which it counts; `2026-12-31`, UTC. */
  readonly until: string;
  /** When it was given; ISO 8601. */
  readonly at: string;
  /** Run that carried it out. */
  readonly runId: string;
  /** Of the cluster that it was given for; empty for one that was not there yet. */
  readonly resourceUid: string;
}

/** Whether a day has not ended yet. @param asOf ISO 8601. */
export function isAhead(until: string, asOf: string): boolean {
  return asOf.slice(0, 10) <= until;
}

/** The acceptance, if it was given for this very cluster. */
export function acceptanceFor(
  resourceUid: string,
  given: Acceptance | undefined,
): Acceptance | undefined {
  return given && (given.resourceUid === '' || given.resourceUid === resourceUid)
    ? given
    : undefined;
}
