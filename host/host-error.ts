/** A reason not to start or not to go on that a person can act upon: one sentence of cause, one next step. */
export class HostError extends Error {
  override readonly name = 'HostError';
}
