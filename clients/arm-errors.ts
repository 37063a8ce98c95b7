import type { RestError } from '@azure/core-rest-pipeline';

import { FailureError, TransientError } from '../domain/outcome';
import type { Failure, FailureCode } from '../domain/outcome';

/** Runs a call to ARM and turns what it throws into Steward's two kinds of error. */
export async function callArm<T>(target: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw isRestError(error) ? classify(error, target) : error;
  }
}

/** As {@link callArm}, with `undefined` for what does not exist. */
export async function readArm<T>(target: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await callArm(target, call);
  } catch (error) {
    if (error instanceof FailureError && error.failure.code === 'NotFound') return undefined;
    throw error;
  }
}

/** ARM's code of an error, lower-cased; empty for anything that did not come from ARM. */
export function armCode(error: unknown): string {
  return isRestError(error) ? (error.code ?? '').toLowerCase() : '';
}

/** ARM wraps an error in `error`; the AKS provider sends it bare. */
export function errorIn(body: unknown): { readonly code: string; readonly message: string } {
  const outer = (body ?? {}) as Partial<Record<'error' | 'code' | 'message', unknown>>;
  const inner = (outer.error ?? outer) as Partial<Record<'code' | 'message', unknown>>;
  return {
    code: typeof inner.code === 'string' ? inner.code : '',
    message: typeof inner.message === 'string' ? inner.message : 'Azure gave no reason',
  };
}

/** As the SDK itself knows its errors, without loading it: an app that starts has none. */
export function isRestError(error: unknown): error is RestError {
  return error instanceof Error && error.name === 'RestError';
}

// 409 and 400 mean many things; the code tells. These pass by themselves.
const transientCodes = [
  'operationnotallowed', // somebody's operation is in progress; whoever repeats the call reads first
  'conflict', // concurrent writes under one identity
  'anotheroperationinprogress',
  'principalnotfound', // a new principal has not reached every directory yet
  'preconditionfailed',
];

interface Meaning {
  readonly code: FailureCode;
  readonly next: string;
}

const missingRole: Meaning = {
  code: 'MissingRole',
  next: "Let Azure honour the cluster identity's roles, up to an hour, or assign the one that the message names; then onboard again.",
};

const meanings: Readonly<Record<string, Meaning>> = {
  requestdisallowedbypolicy: {
    code: 'DeniedByPolicy',
    next: 'Exempt the resource from the policy assignment that the message names, then onboard again.',
  },
  scopelocked: {
    code: 'Locked',
    next: 'Remove the lock that the message names, then onboard the cluster again.',
  },
  quotaexceeded: {
    code: 'QuotaExceeded',
    next: 'Raise the quota or lower maxSurge of the pool, then onboard the cluster again.',
  },
  roleassignmentlimitexceeded: {
    code: 'QuotaExceeded',
    next: 'Remove role assignments that nobody needs, then onboard the cluster again.',
  },
  subnetisfull: {
    code: 'QuotaExceeded',
    next: 'Make room in the subnet or lower maxSurge of the pool, then onboard the cluster again.',
  },
  skunotavailable: {
    code: 'QuotaExceeded',
    next: 'Lower maxSurge of the pool or ask for capacity, then onboard the cluster again.',
  },
  overconstrainedallocationrequest: {
    code: 'QuotaExceeded',
    next: 'Lower maxSurge of the pool or ask for capacity, then onboard the cluster again.',
  },
  allocationfailed: {
    code: 'QuotaExceeded',
    next: 'Wait for capacity in the region, then onboard the cluster again.',
  },
  linkedauthorizationfailed: {
    code: 'Forbidden',
    next: 'Grant the identity that the message names the action at the linked scope, then onboard again.',
  },
  aksoperationpreempted: {
    code: 'Conflict',
    next: 'Wait until the operation that took its place has ended, then onboard the cluster again.',
  },
  aksoperationpreemptedbydelete: {
    code: 'NotFound',
    next: 'Leave the cluster alone: somebody deletes it.',
  },
  customroutetablemissingpermission: missingRole,
  customprivatednszonemissingpermissionerror: missingRole,
  customkubeletidentitymissingpermissionerror: missingRole,
  roleassignmentupdatenotpermitted: {
    code: 'Conflict',
    next: 'Remove the assignment of that name, which says something else or is of a deleted principal, then onboard again.',
  },
  runcommanddisabled: {
    code: 'Unsupported',
    next: 'Let the cluster run commands, or let Steward reach its API server.',
  },
  missingsubscriptionregistration: {
    code: 'Unsupported',
    next: 'Register the resource provider that the message names in the subscription, then onboard again.',
  },
  readonlydisabledsubscription: {
    code: 'Locked',
    next: 'Enable the subscription, which takes no writes now, then onboard the cluster again.',
  },
  upgradefailed: {
    code: 'OperationFailed',
    next: 'Make room for the disruption that the message names (a budget, a pod that does not end), then onboard again.',
  },
  featurenotfound: {
    code: 'Unsupported',
    next: 'Take the flag out of the policy: this cloud or subscription does not offer it.',
  },
  podidentityaddonidentitiesassignmenterror: {
    code: 'Conflict',
    next: 'Remove the pod identity that the message names from the cluster, then onboard it again.',
  },
};

/** What Azure says under codes that say nothing. */
const byMessage: readonly { readonly pattern: RegExp; readonly meaning: Meaning }[] = [
  {
    pattern: /credentials in ServicePrincipalProfile were invalid|AADSTS7000222|AADSTS7000215/i,
    meaning: {
      code: 'CredentialsExpired',
      next: 'Reset the credentials of the service principal (az aks update-credentials), then onboard the cluster again.',
    },
  },
  {
    pattern: /change kubelet identity from .* to .* is not allowed/i,
    meaning: {
      code: 'Unsupported',
      next: 'Leave the kubelet identity as it is: Azure does not change it in the state the cluster is in.',
    },
  },
  {
    pattern: /preview feature \S+ (is )?not registered/i,
    meaning: {
      code: 'FeaturePending',
      next: 'Register the flag, and then its resource provider again, which makes Azure honour it.',
    },
  },
  {
    pattern: /\bABAC condition\b|ConditionNotMet/i,
    meaning: {
      code: 'Forbidden',
      next: "Widen the condition on Steward's own role assignment, or assign this role by hand, then onboard again.",
    },
  },
];

const byStatus: Readonly<Record<number, Meaning>> = {
  401: {
    code: 'Forbidden',
    next: "Check the tenant and the credential of Steward's identity.",
  },
  403: {
    code: 'Forbidden',
    next: "Grant Steward's identity the action at the scope that the message names, then onboard again.",
  },
  404: { code: 'NotFound', next: 'Check that the resource still exists.' },
  409: {
    code: 'Conflict',
    next: 'Resolve what the message names, then onboard the cluster again.',
  },
  410: { code: 'NotFound', next: 'Check that the resource still exists.' },
};

const invalid: Meaning = {
  code: 'InvalidInput',
  next: 'Correct what the message names, then onboard the cluster again.',
};

function classify(error: RestError, target: string): FailureError | TransientError {
  const status = error.statusCode ?? 0;
  const code = armCode(error);
  const transient =
    status === 0 ||
    [408, 412, 429].includes(status) ||
    status >= 500 ||
    transientCodes.includes(code);
  if (transient) return new TransientError(`${status} ${error.code ?? ''}: ${error.message}`);
  return new FailureError(failureFrom({ status, code, message: reasonOf(error), target }));
}

/** The paging of the SDK keeps the code of a refusal and loses ARM's words: what was asked for tells the action. */
function reasonOf({ message, statusCode, code, request }: RestError): string {
  if (!message.startsWith('Pagination failed')) return message;
  const [, type = ''] = /\/providers\/([^?]+)/.exec(request?.url ?? '') ?? [];
  return `Azure answers the request for a list, which takes ${type}/read, with ${statusCode} ${code ?? ''}.`;
}

/** What an error that ARM has decided means for the operator. */
export function failureFrom(error: {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly target: string;
}): Failure {
  const meaning =
    byMessage.find(({ pattern }) => pattern.test(error.message))?.meaning ??
    meanings[error.code.toLowerCase()] ??
    byStatus[error.status] ??
    invalid;
  return { ...meaning, message: oneLine(error.message), target: error.target };
}

// Room for two ARM ids: what a refusal names is what the operator has to find.
const longestMessage = 1000;

/** Fit to be stored and shown. */
export function oneLine(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim();
  return line.length > longestMessage ? `${line.slice(0, longestMessage - 1)}…` : line;
}
