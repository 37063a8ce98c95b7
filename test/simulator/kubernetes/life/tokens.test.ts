import { textAt } from '../../../../simulator/json';
import { logOf } from '../../../../simulator/kubernetes/objects/pod-logs';
import {
  aLive,
  bad,
  client,
  credential,
  found,
  issuerURL,
  label,
  like,
  metrics,
  ok,
  place,
  proxied,
  run,
  use,
} from './an-app';

describe('a token request through federation', () => {
  const sdk = { app: { uses: 'sdk', clientId: client.app } };

  it.each([
    ['is exchanged', {}, ok('federated')],
    ['fails without a credential', { credentials: [] }, bad('federated', /^AADSTS700211: /)],
    [
      'fails for another subject',
      { credentials: [credential({ subject: 'system:serviceaccount:default:App' })] },
      bad('federated', /^AADSTS700213: /),
    ],
    [
      'fails for another issuer',
      { credentials: [credential({ issuer: issuerURL.slice(0, -1) })] },
      bad('federated', /^AADSTS700211: /),
    ],
    [
      'fails for another audience',
      { credentials: [credential({ audiences: ['x'] })] },
      bad('federated', /^AADSTS700212: /),
    ],
    [
      'fails for an identity that is gone',
      { identities: ['other'] as const },
      bad('federated', /^AADSTS700016: /),
    ],
  ] as const)('%s', (_, setting, expected) => {
    expect(run(aLive({ ...sdk, ...setting }), { labels: use })).toMatchObject(expected);
  });

  it('waits for a credential that has just been made, and is counted again when it holds', () => {
    const live = aLive({ ...sdk, credentials: [] });
    live.world.behave({
      ...live.world.behaviour,
      credentials: { ...live.world.behaviour.credentials, effectMinutes: 3 },
    });
    run(live, { labels: use });
    live.world.resources.put({ ...credential(), $truth: { since: live.world.clock.now() } });

    live.pass(60);
    expect(found(live)?.['lastError']).toMatch(/^AADSTS70021: /);
    live.pass(180);
    live.world.probes.reset();
    live.pass(60);

    expect(found(live)).toMatchObject(ok('federated'));
  });

  it('is made by the proxy for an app that knows the metadata endpoint only', () => {
    const app = { uses: 'imds', asksBy: 'nothing', clientId: client.app };
    const live = aLive({ app });

    expect(run(live, { labels: use, annotations: proxied })).toMatchObject(ok('sidecar'));
    const [pod] = live.list('Pod', 'default');
    const log = logOf(place(live, pod), live.world).filter(
      (line) => line.container === 'azwi-proxy',
    );
    expect(log.map(({ text }) => text)).toEqual([
      like(/received token request/),
      like(/successfully acquired token/),
    ]);
  });

  it('by the proxy gives the default identity to who asks by resource id, without an error of its own', () => {
    const app = { uses: 'imds', asksBy: 'resourceId', clientId: client.other };

    expect(run(aLive({ app }), { labels: use, annotations: proxied })).toMatchObject(
      bad('sidecar', /the token is for aaaa1111.*not for bbbb2222/),
    );
  });

  it('passes by the proxy for an app that runs as its user', () => {
    const app = { uses: 'imds', asksBy: 'nothing', clientId: client.app };
    const pod = { securityContext: { runAsUser: 1501 } };
    const live = aLive({ app, addOn: false });

    expect(run(live, { labels: use, annotations: proxied, pod })).toMatchObject(
      bad('imds', /the token is for cccc3333/),
    );
  });

  it('is not what an app does that knows the metadata endpoint only and has no proxy', () => {
    const app = { uses: 'imds', asksBy: 'nothing' };

    expect(run(aLive({ app }), { labels: { ...use, ...label } })).toMatchObject(ok('nmi'));
  });
});

describe('a token request through NMI', () => {
  it.each([
    ['by nothing, with one identity', {}, ok('nmi')],
    [
      'by client id',
      { bound: ['app', 'other'] as const, app: { asksBy: 'clientId', clientId: client.other } },
      ok('nmi'),
    ],
    [
      'by resource id',
      { bound: ['app', 'other'] as const, app: { asksBy: 'resourceId', clientId: client.other } },
      ok('nmi'),
    ],
    [
      'for an identity that is not bound',
      { app: { asksBy: 'clientId', clientId: client.other } },
      bad('nmi', /^404 no azure identity found for request clientID bbbb##### REDACTED #####bbbb$/),
    ],
    ['with nothing bound', { bound: [] }, bad('nmi', /^404 /)],
    [
      'for an identity that is gone',
      { identities: ['other'] as const },
      bad('nmi', /^400 Identity not found/),
    ],
  ] as const)('%s', (_, setting, expected) => {
    expect(run(aLive(setting), { labels: label })).toMatchObject(expected);
  });

  it('passes an excepted pod through, whose label may differ in the case of its value', () => {
    const exceptions = [{ name: 'e', namespace: 'default', podLabels: { app: 'WEB', none: 'x' } }];
    const app = { asksBy: 'nothing', clientId: client.app };

    const by = (asksBy: string) =>
      run(aLive({ exceptions, app: { ...app, asksBy } }), { labels: label });
    expect(by('clientId')).toMatchObject(ok('imds'));
    expect(by('nothing')).toMatchObject(
      bad('imds', /^400 Multiple user assigned identities exist/),
    );
  });

  it('never sees pods on the host network', () => {
    const pod = { hostNetwork: true };

    expect(run(aLive(), { labels: label, pod })).toMatchObject(ok('imds'));
    const app = { asksBy: 'nothing', clientId: client.app };
    expect(run(aLive({ app }), { labels: label, pod })).toMatchObject(bad('imds', /^400 Multiple/));
  });

  it('is written and counted by the pod of NMI on the node, but for the match by resource id', () => {
    const live = aLive({
      bound: ['app', 'other'],
      app: { asksBy: 'clientId', clientId: client.other },
    });
    run(live, { labels: label });
    const [pod] = live.list('Pod', 'default');
    const node = textAt(pod, 'spec', 'nodeName');
    const nmi = live
      .list('Pod', 'kube-system')
      .find(
        (one) =>
          textAt(one, 'metadata', 'labels', 'app') === 'nmi' &&
          textAt(one, 'spec', 'nodeName') === node,
      );

    const texts = logOf(place(live, nmi), live.world).map(({ text }) => text);
    expect(texts.slice(-2)).toEqual([
      like(
        /^I1124 \d\d:\d\d:\d\d\.\d{6} +1 managed\.go:55\] clientID in request: bbbb##### REDACTED #####bbbb, default\/web-.* has been matched with azure identity default\/other$/,
      ),
      like(
        new RegExp(
          `status \\(200\\) took \\d+ ns for req.method=GET reg.path=/metadata/identity/oauth2/token req.remote=${textAt(pod, 'status', 'podIP') ?? ''}$`,
        ),
      ),
    ]);
    expect(metrics(live, nmi)).toContain(
      'aadpodidentity_nmi_operations_duration_seconds_count{namespace="default",operation_type="/metadata/identity/oauth2/token",resource="https://management.azure.com/",status_code="200"} 1',
    );

    const apps = {
      'default/Deployment/web': { asksBy: 'resourceId', clientId: client.other },
    } as const;
    const { behaviour } = live.world;
    live.world.behave({ ...behaviour, kubernetes: { ...behaviour.kubernetes, apps } });
    live.pass(60);

    const later = logOf(place(live, nmi), live.world).map(({ text }) => text);
    expect(later).toHaveLength(texts.length + 1);
    expect(later.at(-1)).toMatch(/status \(200\)/);
    expect(metrics(live, nmi)).toContain('status_code="200"} 2');
  });
});

describe('a token request to the bare metadata endpoint', () => {
  it.each([
    [
      'gives what is named and on the scale set',
      { asksBy: 'clientId', clientId: client.kubelet },
      ok('imds'),
    ],
    [
      'knows nothing else',
      { asksBy: 'clientId', clientId: client.app },
      bad('imds', /^400 Identity not found/),
    ],
    [
      'gives the only identity to who names none',
      { asksBy: 'nothing', clientId: client.kubelet },
      ok('imds'),
    ],
    [
      'gives the kubelet to who had another one',
      { asksBy: 'nothing', clientId: client.app },
      bad('imds', /^the token is for cccc3333/),
    ],
  ] as const)('%s', (_, app, expected) => {
    expect(run(aLive({ addOn: false, app }), { labels: label })).toMatchObject(expected);
  });
});
