import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findBicep } from './find-bicep';
import type { Template } from './template';

export const root = join(__dirname, '../../..');

/** The Bicep files of `infra/`, without the folder. */
export const bicepFiles = readdirSync(join(root, 'infra'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.bicep'))
  .map((file) => file.replaceAll('\\', '/'))
  .sort();

/** What the compiler said and how it ended. It ends well in spite of warnings: its words count. */
export interface Compilation {
  readonly status: number | null;
  readonly diagnostics: readonly string[];
}

export class Bicep {
  readonly #program: string;

  constructor(program: string) {
    this.#program = program;
  }

  /** Runs the compiler in the folder of the repository; nothing is set in the environment that parameters read. */
  run(...args: readonly string[]): Compilation {
    return this.runWith({}, ...args);
  }

  runWith(environment: Readonly<Record<string, string>>, ...args: readonly string[]): Compilation {
    const ownNames = Object.keys(process.env).filter((name) => /^(STEWARD|AZURE)_/.test(name));
    const unset = Object.fromEntries(ownNames.map((name) => [name, undefined]));
    const env = { ...process.env, ...unset, NO_COLOR: '1', ...environment };
    const { status, stdout, stderr } = spawnSync(this.#program, args, {
      cwd: root,
      encoding: 'utf8',
      env,
    });
    const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim());
    return { status, diagnostics: lines.filter((line) => line !== '') };
  }

  /** Compiles every file of `infra/`; the templates have the paths of the files. */
  build(): Compilation & { readonly templates: ReadonlyMap<string, Template> } {
    const out = mkdtempSync(join(tmpdir(), 'steward-templates-'));
    try {
      const compilation = this.run('build', '--pattern', 'infra/**/*.bicep', '--outdir', out);
      const built = bicepFiles.map((file) => {
        const path = join(out, file.replace(/\.bicep$/, '.json'));
        return [file, JSON.parse(readFileSync(path, 'utf8')) as Template] as const;
      });
      return { ...compilation, templates: new Map(built) };
    } finally {
      rmSync(out, { recursive: true });
    }
  }
}

/**
 * Declares tests that need the compiler. Without one there is a single skipped test in their place, named after the
 * reason; it fails where a compiler is required.
 */
export function describeWithBicep(subject: string, tests: (bicep: Bicep) => void): void {
  const found = findBicep();
  describe(subject, () => {
    if (typeof found === 'string') {
      tests(new Bicep(found));
      return;
    }
    const files = `${bicepFiles.length} files`;
    const reason = `infra: ${subject} of ${files} not checked, no Bicep compiler (${found.missing})`;
    if (process.env['STEWARD_REQUIRE_BICEP'] === '1') {
      it('need a compiler here', () => {
        throw new Error(reason);
      });
    } else {
      process.stderr.write(`${reason}\n`);
      it.skip(reason, () => undefined);
    }
  });
}
