import type { Operation } from '../domain/operation';
import { FailureError } from '../domain/outcome';
import { callArm, errorIn, failureFrom, readArm } from './arm-errors';
import type { ArmResponse, RawArm } from './raw-arm';

type Running = Extract<Operation, { status: 'running' }>;

/** What an operation is about, as its poller needs to know it. */
export type Subject = Pick<Running, 'title' | 'target' | 'subscriptionId'>;

// AKS answers 2 status reads per second and subscription: a minute leaves room for a hundred clusters.
const pollAfterSeconds = 60;

/** The operation that an accepted write has started. Its URL is opaque: it is kept as it came. */
export function operationOf(response: ArmResponse, subject: Subject): Operation {
  const url = response.header('azure-asyncoperation') ?? response.header('location');
  if (url === undefined) return operationOn(subject);
  return { status: 'running', ...subject, url, pollAfterSeconds };
}

/** An operation that is known only by the state of the resource: somebody else's, or one that was lost. */
export function operationOn(subject: Subject): Operation {
  return { status: 'running', ...subject, pollAfterSeconds };
}

/**
 * Asks once how an operation is getting on.
 *
 * @param apiVersion of the resource, for an operation without a URL.
 * @throws FailureError with Azure's own reason when it has failed or was canceled.
 */
export async function pollOnce(
  arm: RawArm,
  operation: Running,
  apiVersion: string,
): Promise<Operation> {
  const { url, target } = operation;
  if (url === undefined) return pollResource(arm, operation, apiVersion);
  const answer = await readArm(target, () => arm({ method: 'GET', path: url }));
  // Azure forgets operations after a while; then the resource itself tells.
  if (answer === undefined) return pollResource(arm, operation, apiVersion);
  const { status } = (answer.body ?? {}) as { status?: unknown };
  const state =
    typeof status === 'string' ? status : answer.status === 202 ? 'InProgress' : 'Succeeded';
  return settled(operation, state, answer.body);
}

async function pollResource(
  arm: RawArm,
  operation: Running,
  apiVersion: string,
): Promise<Operation> {
  const { target } = operation;
  const { body } = await callArm(target, () => arm({ method: 'GET', path: target, apiVersion }));
  const { properties } = (body ?? {}) as { properties?: ResourceState };
  return settled(
    operation,
    properties?.provisioningState ?? '',
    properties?.status?.provisioningError,
  );
}

interface ResourceState {
  readonly provisioningState?: string;
  readonly status?: { readonly provisioningError?: unknown };
}

function settled(operation: Running, state: string, evidence: unknown): Operation {
  switch (state.toLowerCase()) {
    case 'succeeded':
      return { status: 'succeeded' };
    case 'failed':
    case 'canceled': {
      const { code, message } = errorIn(evidence);
      const target = operation.target;
      const ended = state.toLowerCase() === 'failed' ? 'failed' : 'was canceled';
      const failure = failureFrom({ status: 0, code, message, target });
      throw new FailureError({
        ...failure,
        code: failure.code === 'InvalidInput' ? 'OperationFailed' : failure.code,
        message: `The ${operation.title} ${ended}: ${code} ${failure.message}`.replace(':  ', ': '),
      });
    }
    default:
      return operation;
  }
}
