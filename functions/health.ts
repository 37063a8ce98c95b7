import type { HttpHandler } from '@azure/functions';

import { commonHeaders } from './problem';

/**
 * `GET /api/health`: for load balancers and probes, which have no key and no token. That it answers says what there is
 * to say: the settings are right and the functions are registered.
 */
export const getHealth: HttpHandler = () => ({
  headers: commonHeaders,
  jsonBody: { status: 'ok' },
});
