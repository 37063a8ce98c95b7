import type { Failed, Thrown } from './sdk/dotnet-exceptions';
import { activityException, unreadableException } from './sdk/dotnet-exceptions';

/** How a failed call stands in the history: text for older SDKs, or structured details. */
export interface FailureFields {
  readonly Reason: string | null;
  readonly Details: string | null;
  readonly FailureDetails?: Readonly<Record<string, unknown>>;
}

/** How a call ended: with JSON text (null for nothing), or with a failure. */
export type Ending = { readonly result: string | null } | { readonly failure: FailureFields };

/** The message and stack that the Functions worker reports for a thrown value. */
export function thrownText(thrown: unknown): Thrown {
  if (thrown instanceof Error) {
    return { message: thrown.message, stack: thrown.stack ?? '' };
  }
  const text: unknown = typeof thrown === 'string' ? thrown : JSON.stringify(thrown);
  const message = typeof text === 'string' ? text : String(thrown);
  return { message, stack: `Error: ${message}` };
}

/** The message of whatever was thrown, in one line of a log. */
export function reasonOf(error: unknown): string {
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message : thrownText(error).message;
}

/** An activity's failure as its caller's history keeps it. */
export function activityFailure(name: string, thrown: unknown): FailureFields {
  const text = thrownText(thrown);
  const details = structured(text.message);
  if (details !== undefined) {
    const Reason = `Activity function '${name}' failed with an unhandled exception.`;
    return { Reason, Details: null, FailureDetails: details };
  }
  return {
    Reason: `Activity function '${name}' failed: ${text.message}`,
    Details: JSON.stringify(activityException(text)),
  };
}

/** The failure of an activity whose result (`problem` says why) nobody can read. */
export function unreadableResult(name: string, problem: string): FailureFields {
  const { message, exception } = unreadableException(problem);
  return {
    Reason: `Activity function '${name}' failed: ${message}`,
    Details: JSON.stringify(exception),
  };
}

/** The JSON that the SDK's exception properties provider makes of a message. */
function structured(message: string): Readonly<Record<string, unknown>> | undefined {
  if (!message.startsWith('{')) return undefined;
  const value = parsed(message);
  if (typeof value?.['errorType'] !== 'string' || typeof value['properties'] !== 'object') {
    return undefined;
  }
  return {
    ErrorType: value['errorType'],
    ErrorMessage: value['errorMessage'] ?? '',
    StackTrace: value['stackTrace'] ?? null,
    IsNonRetriable: value['isNonRetriable'] ?? false,
    Properties: value['properties'],
    InnerFailure: null,
  };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Output of an orchestration that did not end well. */
export function orchestratorFailure(name: string, error: string): string {
  return `Orchestrator function '${name}' failed: ${error}`;
}

/** Why an orchestration failed: in the orchestrator's own words, or an exception of the host. */
export type OrchestratorError = Thrown | Failed;

/** A child's failure as its parent's history keeps it. */
export function childFailure(output: string, error: OrchestratorError): FailureFields {
  const Details =
    'exception' in error
      ? JSON.stringify(error.exception)
      : `Message: ${error.message}, StackTrace: ${error.stack}`;
  return { Reason: output, Details };
}

/** What Azure says of a function that it cannot call. */
export function unknownFunction(
  kind: 'orchestrator' | 'entity',
  name: string,
  known: readonly string[],
): string {
  const names = known.map((each) => `'${each}'`).join(', ');
  const more =
    known.length === 0
      ? `No ${kind} functions are currently registered!`
      : `The following are the known ${kind} functions: ${names}.`;
  return `The function '${name}' doesn't exist, is disabled, or is not an ${kind} function. Additional info: ${more}`;
}
