import { type DotnetException, dotnetException } from '../sdk/dotnet-exceptions';
import type { Ending } from '../failures';
import { reasonOf } from '../failures';

/** A call that .NET does not even begin. */
export class RefusedCall extends Error {
  /** The exception that .NET throws. */
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** How a call of an orchestrator ended that got no answer. */
export function httpFailure(error: unknown, uri: string): Ending {
  if (error instanceof RefusedCall) return refusal(error);
  const sending = sendingFailure(error, uri);
  const Details = JSON.stringify(
    exception('HttpRequestException', { ...sending, StatusCode: null }),
  );
  return { failure: { Reason: sending.message, Details } };
}

function refusal({ type, message }: RefusedCall): Ending {
  return {
    failure: {
      Reason: message,
      Details: `Unhandled exception while executing task: ${type}: ${message}`,
      FailureDetails: {
        ErrorType: type,
        ErrorMessage: message,
        StackTrace: '',
        InnerFailure: null,
        IsNonRetriable: false,
        Properties: null,
      },
    },
  };
}

interface Sending {
  readonly message: string;
  /** `HttpRequestError` of .NET */
  readonly error: number;
  readonly code: number;
  readonly inner: DotnetException | null;
}

const anySocketError = -2147467259;
const anyRequestError = -2146232800;
const anySecurityError = -2146233087;

function sendingFailure(error: unknown, uri: string): Sending {
  const { code = '' } = error as { code?: string };
  if (code === 'ECONNREFUSED') return socketFailure('Connection refused', uri, [2, 111]);
  if (code === 'ENOTFOUND') return socketFailure('Name or service not known', uri, [1, -131073]);
  if (/^(?:EPROTO|ERR_SSL|ERR_TLS|CERT_|DEPTH_ZERO|UNABLE_TO_|SELF_SIGNED)/.test(code)) {
    const message = 'The SSL connection could not be established, see inner exception.';
    return { message, error: 3, code: anySecurityError, inner: securityException(error) };
  }
  const message = 'An error occurred while sending the request.';
  return { message, error: 10, code: anyRequestError, inner: endedException };
}

function socketFailure(
  text: string,
  uri: string,
  [error, native]: readonly [error: number, native: number],
): Sending {
  const { hostname, port, protocol } = new URL(uri);
  const kind = {
    type: 'System.Net.Sockets.SocketException, System.Net.Primitives',
    source: 'System.Net.Sockets',
    code: anySocketError,
  };
  const inner = { ...dotnetException(kind, text, null), NativeErrorCode: native };
  const message = `${text} (${hostname}:${port || (protocol === 'https:' ? '443' : '80')})`;
  return { message, error, code: anySocketError, inner };
}

function securityException(error: unknown): DotnetException {
  const kind = {
    type: 'System.Security.Authentication.AuthenticationException, System.Net.Security',
    source: 'System.Net.Security',
    code: anySecurityError,
  };
  return dotnetException(kind, reasonOf(error), null);
}

/** What is the same in all exceptions of .NET's HTTP client, in the order in which it is written. */
function exception(
  type: string,
  { message, error, code, inner, ...more }: Sending & { readonly StatusCode?: null },
): DotnetException {
  return {
    $type: `System.Net.Http.${type}, System.Net.Http`,
    HttpRequestError: error,
    ...more,
    Message: message,
    Data: { $type: 'System.Collections.ListDictionaryInternal, System.Private.CoreLib' },
    InnerException: inner,
    HelpLink: null,
    Source: 'System.Net.Http',
    HResult: code,
    StackTrace: '',
  };
}

const endedException = exception('HttpIOException', {
  message: 'The response ended prematurely. (ResponseEnded)',
  error: 10,
  code: anyRequestError,
  inner: null,
});
