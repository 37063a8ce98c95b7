import { z } from 'zod';

/**
 * `enforced`: a caller may do what its role assignments allow, and its token must be one of this Azure's own. `open`: any
 * bearer token may do everything.
 */
export const Rights = z.enum(['open', 'enforced']);
