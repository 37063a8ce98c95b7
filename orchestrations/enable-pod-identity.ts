import type { ClusterId } from '../domain/ids';
import { FailureError } from '../domain/outcome';
import type { PodIdentityEdit } from '../domain/pod-identity/edits';
import { unmitigated } from '../domain/pod-identity/enabling';
import { changePodIdentities } from './change-pod-identities';
import type { Run, Workflow } from './workflow';

export interface EnablePodIdentityInput {
  readonly clusterId: ClusterId;
  readonly name: string;
  readonly resourceUid: string;
  readonly until: string;
  readonly kubenet: boolean;
  readonly edits: readonly PodIdentityEdit[];
}

/**
 * Switches the pod-identity add-on on, with the exceptions that come with it, and remembers until when that is
 * accepted: before the change, so that no add-on is on that nobody answers for. Under kubenet it looks
 * once more whether NET_RAW is denied, since the flag may have taken an hour to come.
 *
 * @throws FailureError `Unsupported` when it is not, `NotVerified` when Azure reports success and the add-on is off.
 */
export function* enablePodIdentity(
  workflow: Workflow,
  input: EnablePodIdentityInput,
): Run<{ readonly enabled: true }> {
  const { clusterId, name, resourceUid, until, kubenet, edits } = input;
  const { activities, now } = workflow;
  if (kubenet) yield* requireMitigation(workflow, input);
  const asOf = now().toISOString();
  yield* activities.noteAcceptance({ clusterId, until, resourceUid, asOf });
  yield* changePodIdentities(workflow, { clusterId, edits, enable: { kubenet } });
  const { podIdentity } = yield* activities.readCluster({ clusterId });
  if (podIdentity.enabled) return { enabled: true };
  throw new FailureError({
    code: 'NotVerified',
    message: `Azure reports the change as done, but the pod-identity add-on of ${name} is off.`,
    next: 'Look at podIdentityProfile of the cluster, then ask for the change again.',
    target: clusterId,
  });
}

function* requireMitigation(
  { activities, now }: Workflow,
  { clusterId, name, until }: EnablePodIdentityInput,
): Run<void> {
  const wish = { acceptUnsupported: true, consentKubenet: true } as const;
  const { mitigation } = yield* activities.surveyPodIdentity({
    clusterId,
    change: { kind: 'enable', expires: until, ...wish, exceptions: [] },
    asOf: now().toISOString(),
  });
  const [reason] = unmitigated({ id: clusterId, name }, mitigation);
  if (reason) throw new FailureError({ ...reason, target: clusterId });
}
