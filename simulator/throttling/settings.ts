import { z } from 'zod';

/** Whether callers are throttled, and how strictly. The headers count down either way. */
export const ThrottlingSettings = z.strictObject({
  enforced: z.boolean().default(false),
  /** Multiplies every burst and every refill: 0.1 throttles ten times as soon. */
  factor: z.number().positive().default(1),
});
export type ThrottlingSettings = z.infer<typeof ThrottlingSettings>;
