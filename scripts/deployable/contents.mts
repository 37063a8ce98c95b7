import type { Metafile } from 'esbuild';

/** A package's folder, below the root of the repository; undefined for code of our own. */
export function packageOf(file: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/[^/]+|[^/]+)/.exec(file)?.[0];
}

/** Source files of which something is left in these outputs, or in all. */
export function filesIn(
  { outputs }: Metafile,
  some: readonly string[] = Object.keys(outputs),
): readonly string[] {
  const files = some.flatMap((output) =>
    Object.entries(outputs[output]?.inputs ?? {})
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => file),
  );
  return [...new Set(files)].sort();
}

/** Outputs that are loaded together with the entry, before anything is asked of it. */
export function loadedAtStart({ outputs }: Metafile, entry: string): readonly string[] {
  const begin = Object.keys(outputs).filter((output) => outputs[output]?.entryPoint === entry);
  const found = new Set(begin);
  for (const output of found) {
    for (const { path, kind } of outputs[output]?.imports ?? []) {
      if (kind !== 'dynamic-import' && path in outputs) found.add(path);
    }
  }
  return [...found];
}
