import type { World } from '../world';
import type { SigningKey } from './signing-key';

/** What Microsoft Entra ID needs: who is in the world, and the key of its tokens. */
export interface EntraParts {
  readonly world: World;
  readonly key: SigningKey;
}
