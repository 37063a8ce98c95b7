import { isBuiltin } from 'node:module';

import type { Metafile } from 'esbuild';

import { filesIn, loadedAtStart, packageOf } from './contents.mts';

/** Folders whose code is deployed; everything else stays where the repository is. */
const product =
  /^(?:functions|orchestrations|activities|clients|domain|settings|telemetry|scripts\/deployable\/late)\//;

/** Loaded when they are first needed: each would add a tenth of a second, or more, to a cold start. */
const notAtStart =
  /node_modules\/(?:@azure\/(?:arm-|identity|core-rest-pipeline|data-tables|monitor-)|@kubernetes\/|@opentelemetry\/(?!api\/))/;

/** Packages that only tools and tests need, by their folders. */
export type DevPackages = ReadonlySet<string>;

export interface Bounds {
  /** Source file of the app's entry. */
  readonly entry: string;
  readonly devPackages: DevPackages;
  /** Packages that are left out on purpose. */
  readonly notBundled: readonly string[];
}

/** What must not be in the deployable bundle and is: a sentence for each, with what to do. */
export function violationsIn(
  metafile: Metafile,
  { entry, devPackages, notBundled }: Bounds,
): readonly string[] {
  const files = filesIn(metafile);
  const atStart = filesIn(metafile, [...loadedAtStart(metafile, entry)]);
  return [
    ...files
      .filter((file) => packageOf(file) === undefined && !product.test(file))
      .map((file) => `${named(metafile, file)} is no part of the product. Do not import it there.`),
    ...files
      .filter((file) => devPackages.has(packageOf(file) ?? ''))
      .map((file) => `${named(metafile, file)} is of a devDependency. Make it a dependency.`),
    ...atStart
      .filter((file) => notAtStart.test(file))
      .map((file) => `${named(metafile, file)} is loaded at start. Load it by await import().`),
    ...missingAtRunTime(metafile, notBundled),
  ];
}

/** There are no packages where the bundle runs. */
function missingAtRunTime({ outputs }: Metafile, notBundled: readonly string[]): readonly string[] {
  const outside = Object.values(outputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external === true).map(({ path }) => path),
  );
  return [...new Set(outside)]
    .filter((path) => !isBuiltin(path) && !notBundled.includes(path))
    .map((path) => `${path} is not bundled, and not there at run time. Bundle it.`);
}

/** The file, and one that imports it. */
function named({ inputs }: Metafile, file: string): string {
  const importer = Object.keys(inputs).find((other) =>
    inputs[other]?.imports.some(({ path }) => path === file),
  );
  return importer === undefined ? file : `${file}, imported by ${importer},`;
}

/** From `package-lock.json`: npm marks what only devDependencies bring. */
export function devPackagesIn(lockfile: string): DevPackages {
  const { packages } = JSON.parse(lockfile) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
  };
  return new Set(Object.keys(packages).filter((folder) => packages[folder]?.dev === true));
}
