import * as z from 'zod';

import type { TokenCredential } from '@azure/core-auth';

import { FailureError, TransientError } from '../../domain/outcome';
import { aksApiVersion } from '../aks-api-version';
import { callArm, oneLine } from '../arm-errors';
import type { ArmResponse, RawArm } from '../raw-arm';
import { serverScope } from './direct';
import { commandFor } from './kubectl';
import { answerIn } from './kubectl-answer';
import type { KubeAnswer, KubeTransport } from './transport';

export interface RunCommandOptions {
  readonly arm: RawArm;
  /** ARM id of the cluster. */
  readonly target: string;
  /** Of Steward, for a cluster with Entra. Without it the command has the rights of an administrator. */
  readonly credential?: TokenCredential;
  /** Lets time pass between two looks at a command. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

const everyMs = 2_000;
const longestMs = 90_000;

/**
 * Has a pod inside the cluster ask the API server, for private clusters that Steward cannot reach. ARM starts the pod,
 * and shows what it printed. One command at a time runs in a cluster.
 *
 * A command is waited for where it is started, up to a minute and a half: AKS gives the pod a minute to be scheduled,
 * and kubectl needs a second. To hand each command back to the orchestration would make several activities and history
 * entries of every page of a list; instead `readClusterContent` hands back between lists. Whoever asks again after a
 * command that took longer finds no trace of the earlier one, which is no harm: reads have no effect, and a write is
 * sent only after a look at what is there.
 *
 * What it cannot do it refuses: tokens of service accounts, and objects beyond 64 kB.
 */
export function runCommandTransport(options: RunCommandOptions): KubeTransport {
  let before: Promise<unknown> = Promise.resolve();
  const { credential } = options;
  return {
    access: { identity: credential ? 'steward' : 'localAccount', way: 'runCommand' },
    send: (request) => {
      const command = () => run(options, commandFor(request));
      const answer = before.then(command, command);
      before = answer;
      return answer;
    },
  };
}

async function run(options: RunCommandOptions, command: string): Promise<KubeAnswer> {
  const { arm, target, credential, pause } = options;
  const token = await credential?.getToken(serverScope);
  const body = { command, context: '', clusterToken: token?.token ?? '' };
  const path = `${target}/runCommand`;
  let answer = await callArm(target, () =>
    arm({ method: 'POST', path, apiVersion: aksApiVersion, body }),
  );
  const location = answer.header('location') ?? '';
  for (let waited = 0; answer.status === 202; waited += everyMs) {
    if (waited >= longestMs) throw new TransientError(`a command in ${target} has not ended`);
    await pause(everyMs);
    answer = await callArm(target, () => arm({ method: 'GET', path: location }));
  }
  return resultOf(answer, target);
}

const Result = z.object({
  properties: z.object({
    provisioningState: z.string(),
    exitCode: z.number().nullish(),
    logs: z.string().nullish(),
    reason: z.string().nullish(),
  }),
});

function resultOf({ body }: ArmResponse, target: string): KubeAnswer {
  const { provisioningState, exitCode, logs, reason } = Result.parse(body).properties;
  // Full nodes, or a webhook that is down and wants to see the pod: that passes.
  if (provisioningState.toLowerCase() !== 'succeeded') {
    throw new TransientError(`a command in ${target} did not run: ${oneLine(reason ?? '')}`);
  }
  if (exitCode !== 0) {
    throw new FailureError({
      code: 'OperationFailed',
      message: `A command of Steward's ended with ${exitCode ?? 'no code'}: ${oneLine((logs ?? '').slice(0, 500))}`,
      next: "Look at the pods in the cluster's namespace aks-command: the command needs kubectl, gzip and base64.",
      target,
    });
  }
  return answerIn(logs ?? '');
}
