import type { AppSettings } from './app-settings';
import type { Clock } from './clock';
import type { DataFolder } from './data-folder';
import type { Strictness } from './durable/contract';
import type { HostJson } from './host-json';
import type { HostKeys } from './http/keys';
import type { HostLog } from './log';

/** Everything that is settled before the app is loaded. */
export interface AppRun {
  readonly appDirectory: string;
  readonly hostJson: HostJson;
  readonly log: HostLog;
  readonly folder: DataFolder;
  readonly settings: AppSettings;
  readonly keys: HostKeys;
  readonly port: number;
  readonly hostname: string;
  readonly clock: Clock;
  readonly strict: Strictness;
  readonly purgeAfterMs: number;
  readonly drainMs: number;
  readonly blockedAfterMs: number;
}
