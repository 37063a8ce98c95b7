import { z } from 'zod';

/** Part of the scenario's `behaviour`: the directory as Microsoft Graph shows it. */
export const directorySettings = {
  directory: z
    .strictObject({
      /** Whether callers hold `Application.Read.All`; `denied` answers 403 to everything. */
      read: z.enum(['granted', 'denied']).default('granted'),
    })
    .prefault({}),
};
