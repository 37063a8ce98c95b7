import { z } from 'zod';

const Answer = z.strictObject({
  /** Of the code, where the catalogue (`data/errors.json`) has it; else 500. */
  status: z.int().min(400).max(599).optional(),
  code: z.string().default('InternalServerError'),
  message: z.string().default('A fault rule of the simulated Azure answered this request.'),
  envelope: z.enum(['arm', 'aks']).optional(),
  retryAfterSeconds: z.int().min(0).optional(),
});

const OperationCourse = z
  .strictObject({
    /** Its end, when it is no success. */
    error: z.strictObject({ code: z.string(), message: z.string().default('') }).optional(),
    minutes: z.number().min(0).optional(),
    /** It never ends by itself; aborting it or deleting its resource does. */
    hangs: z.literal(true).optional(),
    /** It goes on, but asking for its status finds nothing. */
    lost: z.literal(true).optional(),
    /** The first answer does not say where it can be followed. */
    withoutHeaders: z.literal(true).optional(),
  })
  .refine((course) => Object.keys(course).length > 0, 'says nothing about the operation');

const Match = z.strictObject({
  method: z.string().optional(),
  /** Regular expression on the path, without regard to case. */
  path: z
    .string()
    .refine(isPattern, 'is not a regular expression; write one, such as "aks-orders"')
    .optional(),
  /** As in the call log, such as `managedClusters/write`. */
  operation: z.string().optional(),
  provider: z.string().optional(),
  /** Region of the resource that the request is about, or of the one above it. */
  location: z.string().optional(),
  /** Object id of the caller. */
  principal: z.string().optional(),
});

/** One way in which the simulated Azure misbehaves. */
export const FaultRule = z
  .strictObject({
    match: Match.default({}),
    /** The first matching request that meets the fault, counted from 1. */
    nth: z.int().min(1).default(1),
    /** How many matching requests meet it: one, or all while `forMinutes` lasts. */
    count: z.union([z.int().min(1), z.literal('all')]).optional(),
    /** In force only from so many simulated minutes after the rule was made. */
    fromMinutes: z.number().min(0).default(0),
    /** In force for so many simulated minutes. */
    forMinutes: z.number().positive().optional(),
    /** Answer this instead of doing anything. */
    answer: Answer.optional(),
    /** Close the connection, before or after the request was carried out. */
    reset: z.enum(['before', 'after']).optional(),
    /** How the operation that the request starts goes on. */
    operation: OperationCourse.optional(),
    /** The region is down: nothing in it answers, and no operation there ends before it is up again. */
    outage: z.literal(true).optional(),
  })
  .refine(
    ({ answer, reset, operation, outage }) =>
      [answer, reset, operation, outage].filter((choice) => choice !== undefined).length === 1,
    'needs exactly one of answer, reset, operation and outage',
  )
  .refine(
    ({ outage, match, forMinutes }) =>
      outage === undefined || (match.location !== undefined && forMinutes !== undefined),
    'an outage needs match.location and forMinutes',
  );
export type FaultRule = z.infer<typeof FaultRule>;

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
