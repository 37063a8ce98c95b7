import type { MigrationCode } from '../../../../domain/migration/codes';
import { clientId, maker, otherClientId } from './a-world';
import type { World } from './a-world';

type Twins = readonly (readonly [MigrationCode, World, World])[];
type Json = Readonly<Record<string, unknown>>;

/** Lines of NMI about a pod of the workload. */
const pod = (status: Json = {}, spec: Json = {}) => ({
  ...maker('Pod', 'app-1', {
    pod: spec,
    metadata: {
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app', controller: true },
      ],
    },
  }),
  status: { phase: 'Running', podIP: '10.0.0.9', ...status },
});
const by = (client: string, identity: string) =>
  `I1121 22:10:31.8 1 managed.go:55] clientID in request: ${client.slice(0, 4)}##### REDACTED #####${client.slice(-4)}, shop/app-1 has been matched with azure identity shop/${identity}`;
const unnamed =
  'I1121 22:10:31.8 1 managed.go:55] no clientID or resourceID in request. shop/app-1 has been matched with azure identity shop/app-id';
const token = (ip = '10.0.0.9', status = 200) =>
  `I1121 22:10:32.3 1 server.go:246] status (${status}) took 537597287 ns for req.method=GET reg.path=/metadata/identity/oauth2/token req.remote=${ip}`;
const logged = (...lines: readonly string[]): World => ({
  second: true,
  objects: [pod()],
  podLogs: { 'kube-system/nmi-1': lines.join('\n') },
});

/** A pod of somebody else at the same address. */
const gone = (phase: string) => ({
  ...maker('Pod', 'else', { labels: { aadpodidbinding: '' } }),
  status: { phase, podIP: '10.0.0.9' },
});

/** R6 and R7: what NMI has logged. */
export const evidenceTwins: Twins = [
  [
    'DEFAULT_FROM_EVIDENCE',
    logged(by(otherClientId, 'other-id'), token()),
    logged(by(otherClientId, 'other-id'), token(), token()),
  ],
  [
    'DEFAULT_FROM_EVIDENCE',
    logged(by(clientId, 'app-id'), token()),
    logged(by(clientId, 'app-id'), token(), unnamed, token()),
  ],
  [
    'DEFAULT_FROM_EVIDENCE',
    logged(by(clientId, 'app-id')),
    logged(by(clientId, 'app-id'), by(otherClientId, 'other-id')),
  ],
  ['DEFAULT_FROM_EVIDENCE', logged(by(clientId, 'app-id')), logged(by('ffff-0000', 'app-id'))],
  [
    'DEFAULT_FROM_EVIDENCE',
    logged(by(clientId, 'app-id')),
    { ...logged(by(clientId, 'app-id')), objects: [] },
  ],
  ['IMDS_BY_RESOURCE_ID', logged(token()), { ...logged(token()), second: false }],
  ['IMDS_BY_RESOURCE_ID', logged(token()), logged(token('10.0.0.8'))],
  ['IMDS_BY_RESOURCE_ID', logged(token()), logged(token('10.0.0.9', 404))],
  [
    'IMDS_BY_RESOURCE_ID',
    logged(unnamed, token(), token()),
    logged(unnamed, token(), by(clientId, 'app-id'), token()),
  ],
  // An address counts for the pod that has it now, and the node's for none.
  [
    'IMDS_BY_RESOURCE_ID',
    { ...logged(token()), objects: [pod(), gone('Succeeded')] },
    { ...logged(token()), objects: [pod({ phase: 'Failed' }), gone('Running')] },
  ],
  [
    'IMDS_BY_RESOURCE_ID',
    logged(token()),
    { ...logged(token()), objects: [pod({}, { hostNetwork: true })] },
  ],
];
