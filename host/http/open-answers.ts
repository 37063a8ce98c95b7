import type { ServerResponse } from 'node:http';

/** The answers that are under way on each connection, of which there are several when requests are pipelined. */
export class OpenAnswers {
  private readonly open = new WeakMap<object, Set<ServerResponse>>();

  add(socket: object, response: ServerResponse): void {
    const answers = this.open.get(socket) ?? new Set();
    this.open.set(socket, answers.add(response));
    response.once('close', () => answers.delete(response));
  }

  /** Whether something that is sent now would end up in the middle of an answer. */
  hasBegun(socket: object): boolean {
    return [...(this.open.get(socket) ?? [])].some((answer) => answer.headersSent);
  }
}
