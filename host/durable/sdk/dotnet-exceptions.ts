/** What was thrown, as the Functions worker reports it. */
export interface Thrown {
  readonly message: string;
  readonly stack: string;
}

/** An exception of .NET as Newtonsoft.Json writes it, without the frames of its stack. */
export type DotnetException = Readonly<Record<string, unknown>>;

interface Kind {
  /** Name with the assembly. */
  readonly type: string;
  readonly source: string | null;
  readonly code?: number;
}

const anyError = -2146233088;
const badArgument = -2147024809;

export function dotnetException(
  kind: Kind,
  message: string,
  inner: DotnetException | null,
): DotnetException {
  const { type, source, code = anyError } = kind;
  return {
    $type: type,
    ClassName: type.split(',')[0],
    Message: message,
    Data: null,
    InnerException: inner,
    HelpURL: null,
    StackTraceString: source === null ? null : '',
    RemoteStackTraceString: null,
    RemoteStackIndex: 0,
    ExceptionMethod: null,
    HResult: code,
    Source: source,
    WatsonBuckets: null,
  };
}

/** The host's exception for a function that failed in the worker. */
function workerException({ message, stack }: Thrown): DotnetException {
  return {
    $type:
      'Microsoft.Azure.WebJobs.Script.Workers.Rpc.RpcException, Microsoft.Azure.WebJobs.Script',
    IsUserException: false,
    RemoteStackTrace: stack,
    RemoteMessage: message,
    RemoteTypeName: null,
    Message: workerText({ message, stack }),
    Data: { $type: 'System.Collections.ListDictionaryInternal, System.Private.CoreLib' },
    InnerException: null,
    HelpLink: null,
    Source: 'System.Private.CoreLib',
    HResult: anyError,
    StackTrace: '',
  };
}

/** What the host says of a function that failed in the worker. */
function workerText({ message, stack }: Thrown): string {
  return `Result: Failure\nException: ${message}\nStack: ${stack}`;
}

/** What the extension makes of an activity that failed in the worker. */
export function activityException(thrown: Thrown): DotnetException {
  const kind = { type: 'System.Exception, System.Private.CoreLib', source: null };
  return dotnetException(kind, thrown.message, workerException(thrown));
}

const severalErrors = 'One or more errors occurred.';
const aggregate = {
  type: 'System.AggregateException, System.Private.CoreLib',
  source: 'System.Private.CoreLib',
};

/** An orchestrator that failed in the worker without saying how far it had come. */
export function orchestratorException(thrown: Thrown): Failed {
  return aggregateOf(workerException(thrown), workerText(thrown));
}

/** A failure: what people read of it, and the whole exception. */
export interface Failed {
  readonly message: string;
  readonly exception: DotnetException;
}

function aggregateOf(inner: DotnetException, innerText: string): Failed {
  return {
    message: `${severalErrors} (${innerText})`,
    exception: { ...dotnetException(aggregate, severalErrors, inner), InnerExceptions: [inner] },
  };
}

const unreadableKind = {
  type: 'Newtonsoft.Json.JsonSerializationException, Newtonsoft.Json',
  source: 'Newtonsoft.Json',
};

/** JSON of the worker that the extension cannot read. */
export function unreadableException(message: string): Failed {
  return { message, exception: dotnetException(unreadableKind, message, null) };
}

/** The same where the host itself reads it, which is during the call of the function. */
export function unreadableInCall(message: string): Failed {
  return aggregateOf(unreadableException(message).exception, message);
}

/** Something that the extension was asked for and does not do. */
export function argumentException(message: string): Failed {
  const kind = {
    type: 'System.ArgumentException, System.Private.CoreLib',
    source: 'Microsoft.Azure.WebJobs.Extensions.DurableTask',
    code: badArgument,
  };
  return { message, exception: { ...dotnetException(kind, message, null), ParamName: null } };
}
