import { type Command, parseCommand, usage } from './command-line';
import { enterAppFolder } from './enter-app-folder';
import { HostError } from './host-error';
import { type RunningHost, startHost } from './index';
import { jsonLines } from './log';
import { trace } from './trace/trace';

type Serve = Extract<Command, { readonly kind: 'serve' }>;

async function main(): Promise<void> {
  const command = parseCommand(process.argv.slice(2));
  if (command.kind === 'help') process.stdout.write(usage);
  else if (command.kind === 'trace') process.stdout.write(await trace(command.request));
  else await serve(command);
}

async function serve({ options, warnings }: Serve): Promise<void> {
  // Lines that cannot be written (a full disk, a reader that has gone) are no reason to stop.
  process.stdout.on('error', () => undefined);
  const log = jsonLines((line) => process.stdout.write(line));
  for (const message of warnings) {
    log({ time: new Date().toISOString(), level: 'warning', message, source: 'host' });
  }
  const host = await startHost(enterAppFolder({ ...options, log }));
  process.stdout.write(`${JSON.stringify({ ready: host.url })}\n`);
  closeOnSignal(host);
}

/** Ends with the first Ctrl-C, after running functions ended; a second one does not wait for them. */
function closeOnSignal(host: RunningHost): void {
  const close = (): void => {
    process.once('SIGINT', () => process.exit(130));
    process.once('SIGTERM', () => process.exit(143));
    host.close().then(
      () => process.exit(0),
      (error: unknown) => {
        fail(error);
        process.exit();
      },
    );
  };
  process.once('SIGINT', close);
  process.once('SIGTERM', close);
}

function fail(error: unknown): void {
  const known = error instanceof HostError;
  const message = error instanceof Error && !known ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${message.replace(/^HostError: /, '')}\n`);
  process.exitCode = 1;
}

main().catch(fail);
