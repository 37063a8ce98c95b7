import { gzipSync } from 'node:zlib';

import { kubectl } from './kubectl';
import type { CommandPod } from './kubectl';
import type { Ran } from './ran';
import { readScript } from './shell-words';

type Program = (input: Buffer, words: readonly string[], pod: CommandPod) => Ran;

const programs: Readonly<Record<string, Program>> = {
  kubectl: (_input, words, pod) => kubectl(words, pod),
  gzip: (input) => well(gzipSync(input)),
  base64: (input, words) => well(Buffer.from(base64(input, words.includes('-w0')))),
  cat: (input) => well(input),
  echo: (_input, words) => well(Buffer.from(`${words.join(' ')}\n`)),
};

/** Runs a script in the pod of a command: `kubectl`, `gzip`, `base64`, `cat` and `echo`, with pipes and `&&`. */
export function runScript(script: string, pod: CommandPod): Ran {
  let all: Ran = well(Buffer.of());
  for (const pipeline of readScript(script)) {
    const ran = runPipeline(pipeline, pod);
    all = {
      exitCode: ran.exitCode,
      output: Buffer.concat([all.output, ran.output]),
      errors: all.errors + ran.errors,
    };
    if (ran.exitCode !== 0) break;
  }
  return all;
}

/** A pipeline ends as its last command does, as in a shell. */
function runPipeline(pipeline: readonly (readonly string[])[], pod: CommandPod): Ran {
  return pipeline.reduce<Ran>((before, [name = '', ...words]) => {
    const program = programs[name];
    const ran = program
      ? program(before.output, words, pod)
      : { exitCode: 127, output: Buffer.of(), errors: `bash: ${name}: command not found\n` };
    return { ...ran, errors: before.errors + ran.errors };
  }, well(Buffer.of()));
}

function well(output: Buffer): Ran {
  return { exitCode: 0, output, errors: '' };
}

function base64(input: Buffer, inOneLine: boolean): string {
  const text = input.toString('base64');
  return inOneLine ? text : `${text.replace(/.{76}/g, '$&\n')}\n`;
}
