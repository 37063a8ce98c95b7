import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { bicepFiles, root } from './support/bicep';
import { builtIn } from './support/roles';

const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** The rules that are to be errors. A name that the compiler does not know is ignored in silence. */
const rules = [
  'explicit-values-for-loc-params',
  'max-outputs',
  'max-params',
  'max-resources',
  'max-variables',
  'nested-deployment-template-scoping',
  'no-conflicting-metadata',
  'no-deployments-resources',
  'no-hardcoded-env-urls',
  'no-hardcoded-location',
  'no-loc-expr-outside-params',
  'no-unnecessary-dependson',
  'no-unused-existing-resources',
  'no-unused-imports',
  'no-unused-params',
  'no-unused-vars',
  'outputs-should-not-contain-secrets',
  'prefer-interpolation',
  'secure-parameter-default',
  'secure-params-in-nested-deploy',
  'secure-secrets-in-params',
  'simplify-interpolation',
  'simplify-json-null',
  'use-parent-property',
  'use-recent-api-versions',
  'use-resource-id-functions',
  'use-resource-symbol-reference',
  'use-safe-access',
  'use-secure-value-for-secure-inputs',
  'use-stable-resource-identifiers',
  'what-if-short-circuiting',
];

function rulesOf(file: string): Readonly<Record<string, { readonly level: string }>> {
  const config = JSON.parse(read(file)) as {
    readonly analyzers: {
      readonly core: {
        readonly enabled: boolean;
        readonly rules: Readonly<Record<string, { readonly level: string }>>;
      };
    };
  };
  expect(config.analyzers.core.enabled).toBe(true);
  return config.analyzers.core.rules;
}

describe('the rules of the linter', () => {
  it('are those that were chosen, and errors', () => {
    const configured = rulesOf('bicepconfig.json');

    expect(Object.keys(configured).sort()).toEqual(rules);
    expect(new Set(Object.values(configured).map(({ level }) => level))).toEqual(
      new Set(['error']),
    );
  });

  it('of the strictest configuration include them', () => {
    const every = rulesOf('test/infra/support/every-rule.json');

    expect(rules.filter((rule) => every[rule]?.level !== 'error')).toEqual([]);
    expect(Object.values(every).filter(({ level }) => level !== 'error')).toEqual([]);
  });

  it('are switched off nowhere without a reason beside it', () => {
    const disabled = bicepFiles.flatMap((file) =>
      read(`infra/${file}`)
        .split('\n')
        .filter((line) => line.includes('#disable-')),
    );

    expect(disabled.filter((line) => !line.includes('//'))).toEqual([]);
  });
});

describe('the names of built-in roles', () => {
  it('have the ids that Azure gave them', () => {
    const roles = JSON.parse(read('infra/roles.json')) as Readonly<Record<string, string>>;

    expect(roles).toEqual(builtIn);
  });

  it('are the only ones in the modules: no id is written down elsewhere', () => {
    const guid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

    expect(bicepFiles.filter((file) => guid.test(read(`infra/${file}`)))).toEqual([]);
  });
});

describe('infra/README.md', () => {
  it('says what each file is for', () => {
    const readme = read('infra/README.md');
    const missing = bicepFiles.filter((file) => !readme.includes(`\`${file}\``));

    expect(missing).toEqual([]);
  });
});
