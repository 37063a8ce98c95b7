/** Who asked NMI for tokens, and when, by its log. Source: aad-pod-identity `pkg/nmi/server`. */

/** A request for a token in NMI's log. */
export interface LoggedRequest {
  /** ISO time. */
  readonly at: string;
  readonly podIp: string;
  readonly status: number;
}

/** ISO times. A log line has no year: it is from the last year in which it is not after `until`. */
export interface LogWindow {
  readonly since: string;
  readonly until: string;
}

const request = /\bstatus \((\d+)\) took .*\breq\.method=\S+ re[gq]\.path=(\S+) req\.remote=(\S+)/;
const tokenPath = /\/(oauth2|host)\/token/i;
const match = /\bhas been matched with azure identity (\S+\/\S+)/;

/** Requests for tokens that an NMI log tells of. */
export function loggedRequests(log: string, window: LogWindow): readonly LoggedRequest[] {
  return linesIn(log, window).flatMap(({ at, text }) => {
    const [, status, path, podIp] = request.exec(text) ?? [];
    if (podIp === undefined || path === undefined || !tokenPath.test(path)) return [];
    return [{ at: new Date(at).toISOString(), podIp, status: Number(status) }];
  });
}

/**
 * `namespace/name` of the Azure identities that NMI found for those who asked. A request by resource id leaves no such
 * line.
 */
export function matchedIdentities(log: string, window: LogWindow): ReadonlySet<string> {
  return new Set(linesIn(log, window).flatMap(({ text }) => match.exec(text)?.[1] ?? []));
}

interface LogLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
}

const header = /^[IWEF](\d{2})(\d{2}) (\d{2}:\d{2}:\d{2}\.\d{3})\d*\s(.*)/;

function linesIn(log: string, window: LogWindow): readonly LogLine[] {
  const [since, until] = [Date.parse(window.since), Date.parse(window.until)];
  return log.split('\n').flatMap((line) => {
    const [, month = '', day = '', time = '', text] = header.exec(line) ?? [];
    if (text === undefined) return [];
    const at = lastTime(`${month}-${day}`, `T${time}Z`, until);
    return at === undefined || at < since ? [] : [{ at, text }];
  });
}

// Clocks of nodes and Steward's differ a little.
const tolerance = 300_000;

function lastTime(day: string, time: string, until: number): number | undefined {
  const year = new Date(until).getUTCFullYear();
  // February 29 is in one of any five years around a leap year, or it is no log of ours.
  const times = [1, 0, -1, -2, -3, -4]
    .map((more) => Date.parse(`${year + more}-${day}${time}`))
    .filter(Number.isFinite);
  return times.find((one) => one <= until + tolerance && isOn(day, one));
}

/** A day that the year does not have would be read as one of the next month. */
function isOn(day: string, time: number): boolean {
  return new Date(time).toISOString().slice(5, 10) === day;
}
