import * as z from 'zod';

import { codeStatus } from './codes';
import type { WorkloadRef } from './ledger';
import { refText } from './ledger';

/** Codes of which each needs the word of a person before anything is changed. */
export const approvalCodes: readonly string[] = Object.entries(codeStatus).flatMap(
  ([code, status]) => (status === 'needs-approval' ? [code] : []),
);

/** Proposals of the clean-up that are carried out only when a person names them. */
export const proposalCodes: readonly string[] = [
  'ORIGIN_UNKNOWN',
  'BROAD_SCOPE',
  'DEMO_GRANT',
  'OSS_MIC',
  'SCALE_SET_IDENTITY',
];

/** What a person has agreed to: one code, for one object or for everything in the migration. */
export const Approval = z.strictObject({
  code: z.enum([...approvalCodes, ...proposalCodes]),
  /** Name of a cluster, or `Kind/namespace/name`, or both with a slash between; absent: everywhere. */
  object: z.string().min(1).optional(),
});
export type Approval = z.infer<typeof Approval>;

/** The codes of an object that nobody has agreed to. */
export function missingApprovals(
  codes: readonly string[],
  names: readonly string[],
  approvals: readonly Approval[],
): readonly string[] {
  const agreed = (code: string) =>
    approvals.some(
      (one) => one.code === code && (one.object === undefined || names.includes(one.object)),
    );
  return codes.filter((code) => approvalCodes.includes(code) && !agreed(code));
}

/** How approvals may name a workload of a cluster. */
export function namesOf(cluster: string, workload: WorkloadRef): readonly string[] {
  return [cluster, refText(workload), `${cluster}/${refText(workload)}`];
}
