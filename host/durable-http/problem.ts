import { type Exchange, sendJson } from '../http/exchange';

/** An exception of the Durable extension, which clients may know by its type. */
export interface Problem {
  readonly message: string;
  readonly exception?: { readonly message: string; readonly type: string };
}

/** Errors of the Durable HTTP API have capital names and, with an exception, an empty stack trace. */
export function sendProblem(exchange: Exchange, status: number, problem: Problem): void {
  const { message, exception } = problem;
  sendJson(exchange, status, {
    value: {
      Message: message,
      ...(exception === undefined
        ? {}
        : { ExceptionMessage: exception.message, ExceptionType: exception.type, StackTrace: '' }),
    },
  });
}

/** What it answers when Azure Storage does not understand what the extension asks it for. */
export function sendStorageFailure(exchange: Exchange): void {
  sendFailure(exchange, {
    message: 'An error occurred while communicating with Azure Storage',
    type: 'DurableTask.AzureStorage.Storage.DurableTaskStorageException',
  });
}

/** What the extension answers when something failed that it did not expect. */
export function sendFailure(
  exchange: Exchange,
  exception: { readonly message: string; readonly type: string },
): void {
  const message = 'Something went wrong while processing your request';
  sendProblem(exchange, 500, { message, exception });
}
