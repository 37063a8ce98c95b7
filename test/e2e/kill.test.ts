import { freePortPair, startSteward, temporaryFolder } from './support/steward-process';
import { endState, repeatedWritesIn, worldIn } from './support/world';

jest.setTimeout(120_000);

describe('npm start, killed', () => {
  it('goes on after three kills and repeats no write', async () => {
    const folder = temporaryFolder();
    const start = async (killAfterMs?: number) => {
      const port = String(await freePortPair());
      const args = ['--once', '--clusters', '4', '--speed', '600', '--port', port];
      const steward = startSteward([...args, '--data', folder.path]);
      const timer =
        killAfterMs === undefined ? undefined : setTimeout(steward.killHard, killAfterMs);
      const ended = await steward.ended;
      clearTimeout(timer);
      return ended;
    };

    const killed = [await start(900), await start(1_600), await start(2_300)];
    const last = await start();

    expect(killed.map(({ signal }) => signal)).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL']);
    expect(last).toMatchObject({ code: 0, stderr: '' });
    expect(repeatedWritesIn(folder.path)).toEqual([]);
    const clusters = Object.values(endState(worldIn(folder.path))).filter(
      (state) => typeof state === 'object' && state !== null && 'clientId' in state,
    );
    expect(clusters).toHaveLength(4);
    for (const cluster of clusters)
      expect(cluster).toMatchObject({ clientId: 'msi', state: 'Succeeded' });
    folder.remove();
  });
});
