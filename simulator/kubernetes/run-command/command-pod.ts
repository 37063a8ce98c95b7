import type { World } from '../../world';

/** Where a command runs, and as whom. */
export interface CommandPod {
  readonly cluster: string;
  readonly world: World;
  /** Undefined: somebody whom the cluster does not know. */
  readonly user: string | undefined;
  readonly files: ReadonlyMap<string, Buffer>;
}
