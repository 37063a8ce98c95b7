import type { HostLog } from '../log';
import type { TimerMonitor } from './timer-monitor';

/** A monitor whose file may be out of reach for a while: a full disk must not stop the schedule. */
export function tolerantMonitor(monitor: TimerMonitor, log: HostLog): TimerMonitor {
  return {
    get: (name) => monitor.get(name),
    set(name, status) {
      try {
        monitor.set(name, status);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const fact = `${reason} A run that is missed now is not caught up.`;
        log.write('error', fact, { function: name });
      }
    },
  };
}
