import { z } from 'zod';

/** Part of the scenario. */
export const clockSettings = {
  /** `stepped`: time stands still from the first moment on, and only the control surface moves it. */
  clock: z.enum(['running', 'stepped']).default('running'),
};
