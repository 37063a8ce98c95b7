/**
 * How work ends badly. Two different things, never mixed:
 *
 * - A {@link Failure} is a decision: the same call would end the same way. It leaves an activity as
 *   a value, because the retry policy of a durable activity repeats everything that is thrown.
 * - A {@link TransientError} is worth repeating: it is thrown, and the retry policy repeats it.
 *
 * Anything else that is thrown is a bug. It becomes the failure `Internal`: reported, not repeated.
 */
export const failureCodes = [
  'InvalidInput', // the request can never be valid; fix the caller
  'NotFound', // the target does not exist (any more)
  'Forbidden', // Steward's identity lacks a permission
  'DeniedByPolicy', // an Azure Policy assignment denies the change
  'Locked', // a resource lock is in the way
  'QuotaExceeded', // no room for what the change needs
  'MissingRole', // an identity of the cluster lacks a role that Azure checks
  'CredentialsExpired', // the secret of the cluster's service principal is not valid any more
  'OwnedElsewhere', // a tool like Terraform keeps the cluster and would undo the change
  'NoNewerImage', // nodes could not be re-imaged, and would keep the old credentials
  'FeaturePending', // a preview flag waits for approval by Microsoft
  'FeatureVanished', // a preview flag that was asked for is not offered any more
  'ClusterStopped', // a stopped cluster takes no changes
  'ClusterBroken', // the cluster was left in a failed state by somebody else
  'PodIdentityInUse', // workloads still depend on the pod-identity add-on
  'Conflict', // someone else owns the target: a manual change, an existing assignment
  'Unsupported', // Azure does not offer the operation for this target
  'OperationFailed', // Azure accepted the operation, then failed or canceled it
  'NotVerified', // Azure says it succeeded, the evidence says otherwise
  'Unavailable', // Azure kept failing or refusing for as long as it was asked again
  'ApprovalMissing', // a plan has side effects that nobody has agreed to
  'Stopped', // somebody asked to roll back what the run was doing
  'SwitchedOff', // STEWARD_ENABLED is false: the kill switch
  'RolledBack', // a change had no success and was taken back
  'DeadlineExceeded', // accepted by Azure, not finished within the step's deadline
  'Internal', // a bug in Steward
] as const;

export type FailureCode = (typeof failureCodes)[number];

export interface Failure {
  readonly code: FailureCode;
  /** One sentence of cause for the operator. No secrets: it is stored in the run's history. */
  readonly message: string;
  /** One next step for the operator. */
  readonly next?: string;
  /** ARM id of the resource the failure is about. */
  readonly target?: string;
}

/** Result of an activity or of a child run as it is stored in the history. */
export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** A {@link Failure} on its way up the stack, from where it is decided to the nearest boundary. */
export class FailureError extends Error {
  override readonly name = 'FailureError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`${failure.code}: ${failure.message}`);
    this.failure = failure;
  }
}

/** Throttling, a timeout, a 5xx, a write that raced another write: try again later. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
}

/** What to report about anything that was thrown. */
export function failureOf(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'Internal',
    message: message.split('\n')[0] ?? message,
    next: "Read the run's history with its instance id and report what you find.",
  };
}

/** A failure code as it leaves the process: `DeniedByPolicy` is `denied-by-policy`. */
export function toKebabCase(code: string): string {
  return code.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

/** Marks the branch of a `switch` that the type checker has proved unreachable. */
export function assertNever(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
