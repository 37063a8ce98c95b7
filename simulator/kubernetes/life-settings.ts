import { z } from 'zod';

const Seconds = z.strictObject({ least: z.number().min(0), most: z.number().min(0) });

/** How the app of a workload gets its tokens, whatever its template says. */
export const AppSettings = z.strictObject({
  /** `sdk`: a library that knows workload identity; `imds`: one that asks the metadata endpoint only. */
  uses: z.enum(['sdk', 'imds']).optional(),
  /** How it names the identity when it asks the metadata endpoint. */
  asksBy: z.enum(['clientId', 'nothing', 'resourceId']).optional(),
  /** The identity that it needs; absent: the one of its environment, else the first that is bound to it. */
  clientId: z.string().optional(),
  /** `withoutToken`: only while it gets no token. */
  crashes: z.enum(['always', 'withoutToken', 'never']).optional(),
});
export type AppSettings = z.infer<typeof AppSettings>;

/** What happens by itself inside of clusters. */
export const lifeSettings = {
  /** Whether apps with an identity ask for a token every minute, and are counted. */
  probe: z.boolean().default(false),
  /** By `<namespace>/<Kind>/<name>` of the workload. */
  apps: z.record(z.string(), AppSettings).default({}),
  /** From the scheduling of a pod until it is ready. */
  podStartSeconds: Seconds.default({ least: 2, most: 8 }),
  /** From the wish that a pod ends until it is gone; its grace period, where that is shorter. */
  podStopSeconds: z.number().min(0).default(2),
  /** Namespaces of whose pods the API server gets no log, or reaches no port. */
  unreachable: z
    .strictObject({
      logs: z.array(z.string()).default([]),
      ports: z.array(z.string()).default([]),
    })
    .prefault({}),
  /** How long a pod of a job works. */
  jobSeconds: Seconds.default({ least: 20, most: 60 }),
  /** How long MIC needs to change the identities of a scale set. */
  micSeconds: Seconds.default({ least: 40, most: 60 }),
};
