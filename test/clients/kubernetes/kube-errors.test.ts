import { KubeRefusal, kubeError } from '../../../clients/kubernetes/kube-errors';
import { TransientError } from '../../../domain/outcome';
import { refusal } from './an-api-server';

const sorted = (status: number, text: string, isJsonPatch = false) =>
  kubeError({ status, text, isJsonPatch, request: 'PATCH /x', target: '/subscriptions/1' });

const said = (...error: Parameters<typeof refusal>): string => JSON.stringify(refusal(...error));

const conflict = (manager: string) => ({
  reason: 'FieldManagerConflict',
  message: `conflict with "${manager}" using apps/v1`,
  field: '.spec.template.spec.serviceAccountName',
});

/** Texts as API servers of 1.30 and later and their admission plugins word them. */
describe('what an API server answers', () => {
  it.each<[string, string, number, string, boolean?]>([
    [
      'Forbidden',
      'Forbidden',
      403,
      said(
        403,
        'Forbidden',
        'deployments.apps "api" is forbidden: User "u" cannot patch resource "deployments" in API group "apps" in the namespace "orders"',
      ),
    ],
    [
      'Forbidden',
      'Forbidden',
      403,
      said(
        403,
        'Forbidden',
        'pods is forbidden: User "u" cannot list resource "pods" in API group "" at the cluster scope: User does not have access to the resource in Azure. Update role assignment to allow access.',
      ),
    ],
    [
      'AdmissionDenied',
      'DeniedByPolicy',
      403,
      said(
        403,
        'Forbidden',
        'admission webhook "validation.gatekeeper.sh" denied the request: [psp] no',
      ),
    ],
    [
      'AdmissionDenied',
      'DeniedByPolicy',
      400,
      said(
        400,
        'BadRequest',
        'admission webhook "mutation.azure-workload-identity.io" denied the request: host network',
      ),
    ],
    [
      'AdmissionDenied',
      'DeniedByPolicy',
      403,
      said(
        403,
        'Forbidden',
        'pods "x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true',
      ),
    ],
    [
      'AdmissionDenied',
      'DeniedByPolicy',
      422,
      said(
        422,
        'Invalid',
        "pods \"x\" is forbidden: ValidatingAdmissionPolicy 'dry' with binding 'dry' denied request: failed expression",
      ),
    ],
    [
      'AdmissionDenied',
      'DeniedByPolicy',
      403,
      said(
        403,
        'Forbidden',
        'pods "x" is forbidden: unable to create new content in namespace orders because it is being terminated',
      ),
    ],
    [
      'QuotaExceeded',
      'QuotaExceeded',
      403,
      said(
        403,
        'Forbidden',
        'pods "x" is forbidden: exceeded quota: compute, requested: cpu=1, used: cpu=1, limited: cpu=1',
      ),
    ],
    [
      'QuotaExceeded',
      'QuotaExceeded',
      403,
      said(
        403,
        'Forbidden',
        'pods "x" is forbidden: failed quota: compute: must specify limits.cpu for: azwi-proxy',
      ),
    ],
    [
      'DryRunUnsupported',
      'Unsupported',
      400,
      said(400, 'BadRequest', 'admission webhook "w" does not support dry run'),
    ],
    ['Unauthenticated', 'Forbidden', 401, said(401, 'Unauthorized', 'Unauthorized')],
    ['NotFound', 'NotFound', 404, said(404, 'NotFound', 'serviceaccounts "x" not found')],
    [
      'AlreadyExists',
      'Conflict',
      409,
      said(409, 'AlreadyExists', 'serviceaccounts "wi-x" already exists'),
    ],
    [
      'ChangedMeanwhile',
      'Conflict',
      409,
      said(
        409,
        'Conflict',
        'Operation cannot be fulfilled on pods "x": the object has been modified; please apply your changes to the latest version and try again',
      ),
    ],
    [
      'ChangedMeanwhile',
      'Conflict',
      409,
      said(
        409,
        'Conflict',
        'Operation cannot be fulfilled on pods "x": Precondition failed: UID in precondition: a, UID in object meta: b',
      ),
    ],
    [
      'FieldManagerConflict',
      'OwnedElsewhere',
      409,
      said(409, 'Conflict', 'Apply failed with 1 conflict', { causes: [conflict('helm')] }),
    ],
    [
      'ChangedMeanwhile',
      'Conflict',
      422,
      said(422, 'Invalid', 'the server rejected our request due to an error in our request', {
        causes: [
          {
            reason: 'UnexpectedServerResponse',
            message: 'testing value /spec/paused failed: test failed',
          },
        ],
      }),
      true,
    ],
    [
      'ChangedMeanwhile',
      'Conflict',
      422,
      said(422, 'Invalid', 'the server rejected our request due to an error in our request'),
      true,
    ],
    [
      'Invalid',
      'InvalidInput',
      422,
      said(422, 'Invalid', 'Deployment.apps "x" is invalid: spec.replicas: Invalid value', {
        causes: [{ reason: 'FieldValueInvalid', message: 'Invalid value', field: 'spec.replicas' }],
      }),
      true,
    ],
    ['Invalid', 'InvalidInput', 422, said(422, 'Invalid', 'Deployment.apps "x" is invalid')],
    ['Invalid', 'InvalidInput', 413, 'request entity too large'],
    ['Invalid', 'InvalidInput', 400, '<html>a proxy</html>'],
  ])('is %s (%s): %d %s', (...[reason, code, status, text, isJsonPatch]) => {
    const error = sorted(status, text, isJsonPatch);

    expect(error).toBeInstanceOf(KubeRefusal);
    expect(error).toMatchObject({
      reason,
      failure: { code, target: '/subscriptions/1', next: expect.stringMatching(/\.$/) as string },
    });
  });

  it.each([408, 429, 500, 502, 503, 504])('is worth repeating: %d', (status) => {
    expect(sorted(status, 'x')).toBeInstanceOf(TransientError);
  });

  it('names every manager once that owns fields', () => {
    const causes = [conflict('helm'), conflict('argocd-controller'), conflict('helm')];

    expect(sorted(409, said(409, 'Conflict', 'Apply failed', { causes }))).toMatchObject({
      managers: ['helm', 'argocd-controller'],
    });
  });

  it.each(['', 'null', '[]', '{"message":7}', '{"details":{"causes":"x"}}'])(
    'is sorted by its status alone when it says %j',
    (text) => {
      expect(sorted(404, text)).toMatchObject({
        reason: 'NotFound',
        failure: { message: 'PATCH /x is answered with 404' },
      });
    },
  );
});
