import { app } from '@azure/functions';

import { version } from '../domain/version';

const quiet = ['trace', 'debug'];

/** Loads the exporter and lets it have what functions log; what is on the level of debugging stays with the host. */
export async function sendTelemetry(): Promise<void> {
  const { startExport } = await import('../telemetry/export');
  const exporting = startExport(version, (err) => {
    const line = { t: new Date().toISOString(), level: 'error', msg: 'telemetry.not-sent', err };
    process.stderr.write(`${JSON.stringify(line)}\n`);
  });
  app.hook.log(({ level, message, category }) => {
    if (category === 'user' && !quiet.includes(level)) exporting.log(level, message);
  });
  app.hook.appTerminate(() => exporting.shutdown());
}
