import { compliant, notApplicable, verdictOf, violation } from '../rule';
import type { Rule, Violation } from '../rule';

export const legacyMonitoringRule: Rule = {
  code: 'IDN-013',
  id: 'identity/legacy-monitoring-auth',
  title: 'Container insights signs in with a managed identity',
  severity: 'high',
  class: 'approval',
  source:
    'Microsoft Learn: Managed identity authentication for Container insights; legacy retired 2026-09-30',
  evaluate: ({ cluster }) => {
    const agent = cluster.addOns.find(({ key }) => key === 'omsagent');
    if (!agent) return notApplicable;
    const { useaadauth = 'absent' } = agent.config;
    return useaadauth.toLowerCase() === 'true'
      ? compliant
      : violation(
          'Container insights uses an authentication that was retired.',
          [`addonProfiles.omsagent.config.useAADAuth = ${useaadauth}`],
          'Turn the add-on on again with managed identity authentication and a data collection rule.',
        );
  },
};

export const appRoutingRule: Rule = {
  code: 'IDN-014',
  id: 'identity/app-routing-nginx',
  title: 'Application routing does not depend on NGINX',
  severity: 'medium',
  class: 'report',
  source: 'Microsoft Learn: Application routing add-on; NGINX supported until 2026-11',
  evaluate: ({ cluster: { appRouting } }) => {
    if (!appRouting) return notApplicable;
    return appRouting.nginx
      ? violation(
          'Application routing runs on NGINX, whose support ends in November 2026.',
          ['ingressProfile.webAppRouting.nginx.defaultIngressControllerType is not None'],
          'Move ingress to the Gateway API flavour, which uses workload identity.',
        )
      : compliant;
  },
};

const retired: Readonly<Record<string, Pick<Violation, 'severity' | 'text' | 'fix'>>> = {
  httpapplicationrouting: {
    severity: 'medium',
    text: 'HTTP application routing was retired.',
    fix: 'Move ingress to application routing, then turn the add-on off.',
  },
  openservicemesh: {
    severity: 'low',
    text: 'Open Service Mesh is retired on 2027-09-30.',
    fix: 'Move to the Istio add-on or another mesh before then.',
  },
};

export const retiredAddOnRule: Rule = {
  code: 'IDN-015',
  id: 'identity/retired-add-on',
  title: 'No add-on with an identity of its own is retired',
  severity: 'medium',
  class: 'report',
  source: 'Microsoft Learn: Add-ons, extensions and other integrations with AKS',
  evaluate: ({ cluster: { addOns } }) =>
    verdictOf(
      addOns.flatMap(({ key }): Violation[] => {
        const found = retired[key];
        const evidence = [`addonProfiles.${key}.enabled = true`];
        return found ? [{ ...found, subject: `addon:${key}`, evidence }] : [];
      }),
    ),
};
