import { z } from 'zod';

/** What the cloud offers: a sovereign one has no previews, and its newest api-versions come later. */
export const cloudSettings = {
  cloud: z
    .strictObject({
      /** Preview features and preview api-versions. */
      previews: z.boolean().default(true),
      /** The newest api-version of each namespace, such as `2026-01-01`. */
      newestApiVersion: z.iso.date().optional(),
    })
    .prefault({}),
};
