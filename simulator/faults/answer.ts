import { objectAt } from '../json';
import { aksError, armError } from '../provider';
import type { ArmResponse, OperationFault } from '../provider';
import { knownError } from './catalogue';
import type { KnownError } from './catalogue';
import type { FaultRule } from './rule';

/** What a fault rule puts in the place of the request; undefined when the request is carried out. */
export function insteadOf(
  { answer, reset, outage, match }: FaultRule,
  provider: string,
): ArmResponse | undefined {
  if (reset === 'before') return { status: 499 };
  if (outage) {
    const where = match.location ?? '';
    return armError(
      503,
      'ServiceUnavailable',
      `The service in ${where} is unavailable. Try later.`,
    );
  }
  return answer && errorOf(answer, provider);
}

/** The bare envelope is that of AKS alone, whatever the code. */
function errorOf(answer: NonNullable<FaultRule['answer']>, provider: string): ArmResponse {
  const { status: ofCode = 500, envelope: usual, subcode } = knownError(answer.code) ?? unknown;
  const ofProvider = provider === 'Microsoft.ContainerService' ? usual : 'arm';
  const { status = ofCode, envelope = ofProvider, code, message } = answer;
  const response = (envelope === 'aks' ? aksError : armError)(status, code, message);
  const body = subcode === undefined ? response.body : { ...objectAt(response.body), subcode };
  return { ...response, body, headers: { ...response.headers, ...retryAfter(status, answer) } };
}

function retryAfter(
  status: number,
  { retryAfterSeconds }: NonNullable<FaultRule['answer']>,
): Readonly<Record<string, string>> {
  const seconds = retryAfterSeconds ?? (status === 429 ? 10 : undefined);
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
}

const unknown: Partial<KnownError> = {};

/** How a fault rule wants the operation of a request to go. */
export function courseOf({ operation }: FaultRule): OperationFault | undefined {
  if (operation === undefined) return undefined;
  const { error, minutes, hangs, lost, withoutHeaders } = operation;
  return {
    ...(error && { error }),
    ...(minutes !== undefined && { minutes }),
    ...(hangs && { hangs }),
    ...(lost && { lost }),
    ...(withoutHeaders && { withoutHeaders }),
  };
}
