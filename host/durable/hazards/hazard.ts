/** A pattern in an app's code that does not do on Azure what it looks like. */
export interface Hazard {
  /** The name that stands at the beginning of the message. */
  readonly code: string;
  /**
   * `failure`: as written it loses work, hangs, or hands over other values. `warning`: it surprises
   * or costs, or it depends on what the author means whether it harms.
   */
  readonly severity: 'failure' | 'warning';
  /** What Azure does, and what to write instead. */
  readonly message: string;
}

export function failure(code: string, text: string): Hazard {
  return { code, severity: 'failure', message: `${code}: ${text}` };
}

export function warning(code: string, text: string): Hazard {
  return { code, severity: 'warning', message: `${code}: ${text}` };
}
