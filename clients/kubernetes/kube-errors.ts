import * as z from 'zod';

import { FailureError, TransientError } from '../../domain/outcome';
import type { FailureCode } from '../../domain/outcome';

/** What whoever asked may want to tell apart, beyond the code of the failure. */
export type KubeReason =
  | 'Unauthenticated'
  | 'Forbidden'
  | 'AdmissionDenied'
  | 'DryRunUnsupported'
  | 'QuotaExceeded'
  | 'NotFound'
  | 'AlreadyExists'
  | 'FieldManagerConflict'
  | 'ChangedMeanwhile'
  | 'Invalid';

/** An API server has decided: the same request would be refused again. */
export class KubeRefusal extends FailureError {
  readonly reason: KubeReason;
  /** Of a `FieldManagerConflict`: who owns the fields. */
  readonly managers: readonly string[];

  constructor(
    { code, next, reason }: Meaning,
    about: { readonly message: string; readonly target: string },
    managers: readonly string[] = [],
  ) {
    super({ code, next, ...about });
    this.reason = reason;
    this.managers = managers;
  }
}

interface Meaning {
  readonly reason: KubeReason;
  readonly code: FailureCode;
  readonly next: string;
}

/** The one shape of all errors of an API server. */
const Status = z.object({
  message: z.string().default(''),
  reason: z.string().default(''),
  details: z
    .object({
      causes: z
        .array(
          z.object({
            reason: z.string().optional(),
            message: z.string().default(''),
            field: z.string().optional(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});
type Status = z.infer<typeof Status>;

const invalid: Meaning = {
  reason: 'Invalid',
  code: 'InvalidInput',
  next: 'Correct what the message names.',
};
const denied: Meaning = {
  reason: 'AdmissionDenied',
  code: 'DeniedByPolicy',
  next: 'Exempt the object from the admission policy that the message names, or bring it into line.',
};
const forbidden: Meaning = {
  reason: 'Forbidden',
  code: 'Forbidden',
  next: "Grant Steward's identity the verb on the resource that the message names.",
};
const changed: Meaning = {
  reason: 'ChangedMeanwhile',
  code: 'Conflict',
  next: 'Plan again: somebody changed the object after it was read.',
};

/** Sources: `plugin/pkg/admission`, `staging/src/k8s.io/apiserver/pkg/admission` of Kubernetes. */
const byMessage: readonly { readonly pattern: RegExp; readonly meaning: Meaning }[] = [
  {
    pattern: /does not support dry run/i,
    meaning: {
      reason: 'DryRunUnsupported',
      code: 'Unsupported',
      next: 'Judge the object without a rehearsal: the webhook that the message names takes none.',
    },
  },
  {
    pattern: /exceeded quota|failed quota/i,
    meaning: {
      reason: 'QuotaExceeded',
      code: 'QuotaExceeded',
      next: 'Raise the ResourceQuota that the message names.',
    },
  },
  {
    pattern: /admission webhook ".*" denied|violates PodSecurity|ValidatingAdmissionPolicy/i,
    meaning: denied,
  },
  {
    pattern: /the object has been modified|testing value .* failed|UID in precondition/i,
    meaning: changed,
  },
];

const byStatus: Readonly<Record<number, Meaning>> = {
  401: {
    reason: 'Unauthenticated',
    code: 'Forbidden',
    next: 'Check that the cluster takes logins: it needs Entra integration, or local accounts.',
  },
  403: denied,
  404: { reason: 'NotFound', code: 'NotFound', next: 'Check that the object still exists.' },
  409: changed,
};

const alreadyExists: Meaning = {
  reason: 'AlreadyExists',
  code: 'Conflict',
  next: 'Look at the object of that name: somebody made it.',
};
const ownedElsewhere: Meaning = {
  reason: 'FieldManagerConflict',
  code: 'OwnedElsewhere',
  next: 'Make the change where the manager that the message names takes it from.',
};

const byReason: Readonly<Record<string, Meaning>> = { AlreadyExists: alreadyExists };

export interface Refused {
  readonly status: number;
  readonly text: string;
  /** What was asked, such as `PATCH /apis/apps/v1/…`. */
  readonly request: string;
  readonly isJsonPatch: boolean;
  /** ARM id of the cluster. */
  readonly target: string;
}

/** What an answer of 400 and above means. This is the only place that sorts what API servers answer. */
export function kubeError(refused: Refused): KubeRefusal | TransientError {
  const { status: code, target, request } = refused;
  const said = statusIn(refused.text);
  const reason = said.message === '' ? `${request} is answered with ${code}` : said.message;
  const message = oneLine(reason);
  if (code === 408 || code === 429 || code >= 500) return new TransientError(`${code} ${message}`);
  const owned = (said.details?.causes ?? []).filter(isConflict);
  if (owned.length > 0) {
    const managers = owned.flatMap((cause) => managerIn(cause.message));
    return new KubeRefusal(ownedElsewhere, { message, target }, [...new Set(managers)]);
  }
  return new KubeRefusal(meaningOf(refused, said), { message, target });
}

function meaningOf({ status, isJsonPatch }: Refused, said: Status): Meaning {
  const byText = byMessage.find(({ pattern }) => pattern.test(textOf(said)))?.meaning;
  if (byText) return byText;
  if (status === 403 && isAboutRights(said)) return forbidden;
  if (status === 422 && isJsonPatch) return hasWrongField(said) ? invalid : changed;
  return byReason[said.reason] ?? byStatus[status] ?? invalid;
}

/** Everything else that is forbidden was denied by an admission plugin. */
function isAboutRights({ message }: Status): boolean {
  return /\bcannot \w+|does not have access/i.test(message);
}

/** The object would not be valid; else it is an operation of the patch that does not apply. */
function hasWrongField({ details }: Status): boolean {
  return (details?.causes ?? []).some(({ field }) => field !== undefined);
}

function textOf({ message, details }: Status): string {
  return [message, ...(details?.causes ?? []).map((cause) => cause.message)].join('\n');
}

function isConflict({ reason }: { readonly reason?: string | undefined }): boolean {
  return reason === 'FieldManagerConflict';
}

/** `conflict with "helm" using apps/v1` names who owns the field. */
function managerIn(message: string): readonly string[] {
  const [, manager] = /conflict with "([^"]+)"/.exec(message) ?? [];
  return manager === undefined ? [] : [manager];
}

function statusIn(text: string): Status {
  try {
    return Status.parse(JSON.parse(text));
  } catch {
    return { message: '', reason: '' };
  }
}

const longestMessage = 1000;

function oneLine(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim();
  return line.length > longestMessage ? `${line.slice(0, longestMessage - 1)}…` : line;
}
