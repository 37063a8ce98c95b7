import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ask, askUntil } from '../support/http';
import { json, SampleApp } from '../support/sample-app';

let app: SampleApp;
/** The same app, for callers who need their time */
let unhurried: SampleApp;
let files: string;

beforeAll(async () => {
  files = mkdtempSync(join(tmpdir(), 'steward-files-'));
  const weather = { WEATHER_FILE: join(files, 'weather.json') };
  [app, unhurried] = await Promise.all([
    SampleApp.start('javascript', ['--speed', '60'], weather),
    SampleApp.start('javascript'),
  ]);
}, 30_000);

afterAll(async () => {
  await Promise.all([app.stop(), unhurried.stop()]);
  rmSync(files, { recursive: true, force: true });
});

/** The code that the last SMS to a number had. */
function codeSentTo(phone: string): number {
  const sms = new RegExp(`Sending verification code (\\d+) to \\${phone}`);
  return Number(unhurried.host.lines.map((line) => sms.exec(line)?.[1]).find(Boolean));
}

describe('the samples in JavaScript', () => {
  it('chain functions', async () => {
    const { runtimeStatus, output } = await app.run('helloSequence');

    expect(runtimeStatus).toBe('Completed');
    expect(output).toEqual(['Hello Tokyo', 'Hello Seattle', 'Hello Cairo']);
  });

  it('wait for an orchestration in the request that starts it', async () => {
    const answer = await app.call('orchestrators/wait/helloSequence/waited', json(null));

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(['Hello Tokyo', 'Hello Seattle', 'Hello Cairo']);
  });

  it('fan out and in: a backup of every file in a folder', async () => {
    const rootDirectory = join(files, 'site');
    mkdirSync(join(rootDirectory, 'pages'), { recursive: true });
    for (const name of ['index.html', 'pages/a.html', 'pages/b.html']) {
      writeFileSync(join(rootDirectory, name), `<h1>${name}</h1>`);
    }
    const backupDirectory = join(files, 'backup');

    const { output } = await app.run('backupSiteContent', { rootDirectory, backupDirectory });

    expect(output).toBe(61);
    expect(readdirSync(backupDirectory)).toHaveLength(3);
  });

  it('fail with the text that the orchestrator threw', async () => {
    const { runtimeStatus, output } = await app.run('backupSiteContent', {});

    expect(runtimeStatus).toBe('Failed');
    expect(output).toBe(
      "Orchestrator function 'backupSiteContent' failed: A directory path is required as an input.",
    );
  });

  it('monitor the weather until it is fine', async () => {
    const city = { city: 'Redmond', state: 'WA' };
    writeFileSync(join(files, 'weather.json'), '{}');
    const started = await app.begin('weatherMonitor', { location: city, phone: '+1425' });
    await askUntil(started.statusQueryGetUri, () =>
      app.host.lines.some((line) => line.includes('Next check for')),
    );

    writeFileSync(join(files, 'weather.json'), '{"Redmond, WA":"clear sky"}');
    const { runtimeStatus } = await app.end(started);

    expect(runtimeStatus).toBe('Completed');
    expect(app.host.lines.join('\n')).toContain("SMS to +1425: The weather's clear outside!");
  });

  it('verify a phone number with the second code that is typed in', async () => {
    const started = await unhurried.begin('smsPhoneVerification', '+4901');
    await askUntil(started.statusQueryGetUri, () => !Number.isNaN(codeSentTo('+4901')));

    await unhurried.raise(started, 'SmsChallengeResponse', -1);
    await unhurried.raise(started, 'SmsChallengeResponse', codeSentTo('+4901'));
    const { runtimeStatus, output } = await unhurried.end(started);

    expect(runtimeStatus).toBe('Completed');
    expect(output).toBe(true);
  });

  it('give up a phone number when the time is over', async () => {
    const started = await app.begin('smsPhoneVerification', '+4902');

    const { output } = await app.end(started);

    expect(output).toBe(false);
  });

  it('count with an entity', async () => {
    for (const amount of [1, 2, 3]) {
      await app.call(`counters/visits/add/${amount}`, { method: 'POST' });
    }

    const counted = await askUntil(`${app.host.url}/api/counters/visits`, (body) => body === 6);
    const { output } = await app.run('counterOrchestration', 'visits');
    const missing = await app.call('counters/nobody');

    expect(counted.body).toBe(6);
    expect(output).toBe(7);
    expect(missing.status).toBe(404);
  });

  it('keep what they log in the log, once for each step', () => {
    const started = app.host.lines.filter((line) => line.includes('Started orchestration with'));
    const searched = app.host.lines.filter((line) => line.includes('Searching for files under'));

    expect(started.length).toBeGreaterThanOrEqual(4);
    expect(searched).toHaveLength(1);
  });

  it('are shown by the admin endpoint', async () => {
    const { body } = await ask(`${app.host.url}/admin/functions?code=${app.masterKey}`);

    expect((body as { name: string }[]).map(({ name }) => name)).toEqual([
      ...['backupSiteContent', 'copyFileToBackup', 'Counter', 'counterAdd'],
      ...['counterOrchestration', 'counterRead', 'getFileList', 'getIsClear', 'helloSequence'],
      ...['httpStart', 'httpSyncStart', 'sayHello', 'sendGoodWeatherAlert', 'sendSmsChallenge'],
      ...['smsPhoneVerification', 'weatherMonitor'],
    ]);
  });

  it('break no rule', () => {
    expect([...app.complaints(), ...unhurried.complaints()]).toEqual([]);
  });
});
