/** What the user can put right: shown as one line, cause first and then the next step. */
export class Problem extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
