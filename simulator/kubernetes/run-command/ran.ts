/** How a program ended. */
export interface Ran {
  readonly exitCode: number;
  readonly output: Buffer;
  /** What went to the log beside the output. */
  readonly errors: string;
}
