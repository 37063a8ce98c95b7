import { chains } from './chains';
import type { Topic } from './scenario';

/** Everything that is played on both engines. */
export const topics: readonly Topic[] = [chains];
