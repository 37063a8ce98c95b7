import { startTwoProcesses } from './support/two-processes';
jest.setTimeout(200_000);
it('x', async () => {
  const s = await startTwoProcesses('throttled.json', 1200);
  const t0 = Date.now();
  const answer = await s.onboard(s.clusters);
  console.log(answer.status);
  const { runs } = (await answer.json()) as { runs: { location: string }[] };
  const all = await Promise.all(runs.map(({ location }) => s.end(location)));
  console.log(JSON.stringify(all.map(({ state, failure }) => [state, failure])), Date.now() - t0);
  const summary = (await s.control('GET', 'calls?summary=true')) as any;
  const by: any = {}; for (const c of summary.calls) by[c.status] = (by[c.status] ?? 0) + c.count;
  console.log(by, summary.calls.filter((c: any) => c.status === 429).map((c: any) => `${c.operation} ${c.count}`), summary.repeatedWrites);
  await s.stop();
});
