import { z } from 'zod';

/** Part of the scenario's `behaviour`. */
export const assignmentSettings = {
  /** Role assignments that a subscription can hold, in it and in everything below it. "Troubleshoot Azure RBAC limits". */
  roleAssignmentLimit: z.int().min(0).default(4000),
};
