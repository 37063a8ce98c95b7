import { z } from 'zod';

/** How federated credentials behave. */
export const CredentialSettings = z.strictObject({
  /** From a write until token requests find the credential. */
  effectMinutes: z.number().min(0).default(0),
  /** A second write below the same identity within so many seconds is a concurrent one: 409. */
  writeSeconds: z.number().min(0).default(0),
});
