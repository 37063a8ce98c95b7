import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs a program to its end. Signals that reach this process are passed on to it.
 *
 * @param options of `spawn`, and `stopAfterMs` and `stopWhen`, which end the program early: after a
 * time, or when its captured error output matches.
 * @returns its exit code, as shells give it: 128 and the number of the signal that ended it; that
 * signal; what it wrote to a piped stderr; whether it took too long. Rejects when it cannot start.
 */
export function runProgram(command, args, { stopAfterMs, stopWhen, ...options }) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, options);
    const letGo = passSignalsTo(child);
    let stderr = '';
    let late = false;
    const timer =
      stopAfterMs &&
      setTimeout(() => {
        late = true;
        child.kill();
      }, stopAfterMs);
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      stderr += text;
      if (stopWhen?.test(text)) child.kill();
    });
    child.on('error', (error) => {
      settle();
      fail(error);
    });
    child.on('close', (code, signal) => {
      settle();
      done({ code: code ?? 128 + constants.signals[signal], signal, stderr, late });
    });
    const settle = () => {
      clearTimeout(timer);
      letGo();
    };
  });
}

function passSignalsTo(child) {
  // Ctrl-C reaches everything that is attached to the terminal: once is enough.
  const atTerminal =
    process.platform === 'win32' || process.stdin.isTTY === true || process.stderr.isTTY === true;
  const passOn = (signal) => {
    if (signal !== 'SIGINT' || !atTerminal) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, passOn);
  // npm that is told to stop leaves its script behind without a word: then nobody waits for us.
  const parent = process.ppid;
  const orphaned = setInterval(() => {
    if (process.env.npm_lifecycle_event !== undefined && process.ppid !== parent) child.kill();
  }, 500);
  return () => {
    clearInterval(orphaned);
    for (const signal of signals) process.off(signal, passOn);
  };
}
