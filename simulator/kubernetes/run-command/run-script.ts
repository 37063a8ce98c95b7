import { gzipSync } from 'node:zlib';

import { kubectl } from './kubectl';
import type { CommandPod } from './command-pod';
import type { Ran } from './ran';
import { ScriptError, readScript } from './shell-words';
import type { Piece, Script, Word } from './shell-words';

type Program = (input: Buffer, words: readonly string[], pod: CommandPod) => Ran;

const programs: Readonly<Record<string, Program>> = {
  kubectl,
  gzip: (input) => well(gzipSync(input)),
  base64: (input, words) => (words.includes('-d') ? decoded(input) : encoded(input, words)),
  cat: (input) => well(input),
  echo: (_input, words) => well(Buffer.from(`${words.join(' ')}\n`)),
};

/** What the log of a pod shows of a script: outputs and errors in the order in which they came. */
export interface Logged {
  readonly exitCode: number;
  readonly log: Buffer;
}

/**
 * Runs a script in the pod of a command: `kubectl`, `gzip`, `base64`, `cat` and `echo`, with pipes, `&&`, `;` and, in
 * double quotes, `$(…)`. It ends as its last command does.
 */
export function runScript(script: string, pod: CommandPod): Logged {
  try {
    const all = runParts(readScript(script), pod);
    // An error is there before the pipeline that it passes by has ended.
    const log = all.flatMap(({ output, errors }) => [Buffer.from(errors), output]);
    return { exitCode: all.at(-1)?.exitCode ?? 0, log: Buffer.concat(log) };
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return { exitCode: 2, log: Buffer.from(`bash: ${error.message}\n`) };
  }
}

/** How each pipeline that ran has ended. */
function runParts(script: Script, pod: CommandPod): readonly Ran[] {
  return script.reduce<readonly Ran[]>((before, { onSuccess, commands }) => {
    const isSkipped = onSuccess && before.at(-1)?.exitCode !== 0;
    return isSkipped ? before : [...before, runPipeline(commands, pod)];
  }, []);
}

/** A pipeline ends as its last command does, as in a shell. */
function runPipeline(commands: readonly (readonly Word[])[], pod: CommandPod): Ran {
  return commands.reduce<Ran>((before, words) => {
    const ran = runCommand(words, before.output, pod);
    return { ...ran, errors: before.errors + ran.errors };
  }, well(Buffer.of()));
}

function runCommand(words: readonly Word[], input: Buffer, pod: CommandPod): Ran {
  const inner: string[] = [];
  const textOf = (piece: Piece): string => {
    if (typeof piece === 'string') return piece;
    const all = runParts(piece.outputOf, pod);
    inner.push(...all.map(({ errors }) => errors));
    return Buffer.concat(all.map(({ output }) => output))
      .toString('utf8')
      .replace(/\n+$/, '');
  };
  const [name = '', ...texts] = words.map((word) => word.map(textOf).join(''));
  const program = programs[name];
  const ran = program
    ? program(input, texts, pod)
    : failed(127, `bash: ${name}: command not found\n`);
  return { ...ran, errors: inner.join('') + ran.errors };
}

function well(output: Buffer): Ran {
  return { exitCode: 0, output, errors: '' };
}

function failed(exitCode: number, errors: string): Ran {
  return { exitCode, output: Buffer.of(), errors };
}

function encoded(input: Buffer, words: readonly string[]): Ran {
  const text = input.toString('base64');
  const isOneLine = words.includes('-w0');
  return well(Buffer.from(isOneLine ? text : `${text.replace(/.{76}/g, '$&\n')}\n`));
}

function decoded(input: Buffer): Ran {
  const text = input.toString('latin1').replaceAll('\n', '');
  const isBase64 = text.length % 4 === 0 && /^[\w+/]*={0,2}$/.test(text);
  return isBase64 ? well(Buffer.from(text, 'base64')) : failed(1, 'base64: invalid input\n');
}
