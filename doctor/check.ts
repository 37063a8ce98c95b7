/** What has been looked at. */
export type Area = 'settings' | 'reachability' | 'permissions' | 'clock';

/** One thing that was looked at, in a line: of a problem the cause and one next step. */
export interface Check {
  readonly area: Area;
  /** `note`: not as it could be, and nothing that has to be mended. */
  readonly state: 'ok' | 'note' | 'problem';
  readonly text: string;
}

export const ok = (area: Area, text: string): Check => ({ area, state: 'ok', text });
export const note = (area: Area, text: string): Check => ({ area, state: 'note', text });
export const problem = (area: Area, text: string): Check => ({ area, state: 'problem', text });

/** What an error says, in a line of its own. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? message).replace(/\.$/, '');
}
