import type { Manifest } from './manifest-file';

/**
 * Closes the metadata endpoint of the nodes for the pods of a namespace, which NMI stood before until now. Pods that get
 * tokens through the sidecar still get them: those requests end inside the pod.
 */
export function imdsPolicyFile(namespace: string): Manifest {
  const name = 'deny-instance-metadata';
  return {
    ...{ namespace, kind: 'NetworkPolicy', name, is: 'resource' },
    body: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name, namespace },
      spec: {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [
          {
            // Some engines do not count pods among addresses.
            to: [
              { namespaceSelector: {} },
              { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } },
            ],
          },
        ],
      },
    },
    notes: [
      'An offer: without NMI every pod can ask the metadata endpoint for the identities of its node.',
      'Other policies that allow egress to any address still allow it; clusters with IPv6 need a rule for ::/0, too.',
    ],
  };
}
