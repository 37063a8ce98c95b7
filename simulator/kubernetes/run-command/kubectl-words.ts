import { isObject, objectAt, objectsAt, textAt } from '../../json';
import type { Json, JsonObject } from '../../json';
import type { KubeAnswer } from '../kube-request';
import { without } from '../object-parts';

/**
 * What kubectl says of an answer that is an error. Source: kubectl, `checkErr` and `StandardErrorMessage` in
 * `pkg/cmd/util/helpers.go`.
 */
export function errorText({ body }: KubeAnswer): string {
  const status: JsonObject = objectAt(body);
  const message = textAt(status, 'message') ?? '';
  const reason = textAt(status, 'reason') ?? 'Unknown';
  if (reason === 'Invalid') return invalidText(status, message);
  if (reason === 'Unauthorized') return `error: You must be logged in to the server (${message})`;
  return `Error from server (${reason}): ${message}`;
}

/** Puts its own sentence in the place of the message: the kind, the name, and each cause once. */
function invalidText(status: JsonObject, message: string): string {
  const [kind, name] = ['kind', 'name'].map((one) => textAt(status, 'details', one) ?? '');
  const causes = objectsAt(status, 'details', 'causes').map(
    (cause) => `${textAt(cause, 'field') ?? ''}: ${textAt(cause, 'message') ?? ''}`,
  );
  const [first = '', ...others] = new Set(causes);
  const isNamed = kind !== '' || name !== '';
  const subject = isNamed
    ? `The ${kind ?? ''} "${name ?? ''}" is invalid`
    : 'The request is invalid';
  if (causes.length === 0) return isNamed ? subject : `${subject}: ${message}`;
  if (others.length === 0) return `${subject}: ${first}`;
  return [`${subject}: `, ...[first, ...others].map((cause) => `* ${cause}`)].join('\n');
}

/** Server-side apply words a conflict by itself. Source: kubectl, `pkg/cmd/apply/apply.go`. */
export function applyErrorText(answer: KubeAnswer): string {
  if (textAt(answer.body, 'reason') !== 'Conflict') return errorText(answer);
  return `error: ${textAt(answer.body, 'message') ?? ''}
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;
}

/** An object as `-o json` prints it: indented, and without its managers. */
export function printedJson(body: Json | undefined): string {
  const metadata = without(objectAt(body, 'metadata'), 'managedFields');
  const shown = isObject(body) ? { ...body, metadata } : body;
  return `${JSON.stringify(shown, null, 4)}\n`;
}
