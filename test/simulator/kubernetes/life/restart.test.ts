import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { canonical, withAt } from '../../../../simulator/json';
import { aWorkload, liveWorld, start } from './a-world';
import type { LiveWorld } from './a-world';

const imaged = (image: string) => (object: ReturnType<typeof aWorkload>) =>
  withAt(object, ['spec', 'template', 'spec', 'containers'], [{ name: 'main', image }]);
const all = (live: LiveWorld): readonly string[] =>
  [...live.world.objects.of(live.id)].map(([, object]) => canonical(object)).sort();

function begin(live: LiveWorld): void {
  live.put('Deployment', aWorkload({ kind: 'Deployment', spec: { replicas: 4 } }));
  live.put('StatefulSet', aWorkload({ kind: 'StatefulSet', name: 'db', spec: { replicas: 3 } }));
  live.put(
    'CronJob',
    aWorkload({
      kind: 'CronJob',
      name: 'tick',
      spec: {
        schedule: '*/2 * * * *',
        jobTemplate: {
          spec: {
            template: {
              spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'a' }] },
            },
          },
        },
      },
    }),
  );
  live.pass(120);
  live.change('Deployment', 'default/web', imaged('two'));
  live.change('StatefulSet', 'default/db', imaged('two'));
}

describe('a cluster whose process is killed in the middle of a rollout', () => {
  it.each([1, 2, 3, 5, 8, 13, 34])('after %i seconds goes on where it stood', async (seconds) => {
    const folder = mkdtempSync(join(tmpdir(), 'life-'));
    const undisturbed = liveWorld();
    begin(undisturbed);
    undisturbed.pass(seconds);
    const first = liveWorld({ folder });
    begin(first);
    first.pass(seconds);
    await first.committed();
    first.close();

    const second = liveWorld({ folder, from: start + 1000 + (120 + seconds) * 1000 });
    const restored = all(second);
    undisturbed.pass(300);
    second.pass(300);

    expect(restored).not.toEqual(all(second));
    expect(second.get('Deployment', 'default/web')).toMatchObject({
      status: { updatedReplicas: 4, availableReplicas: 4, replicas: 4 },
    });
    expect(all(second)).toEqual(all(undisturbed));
    second.close();
    rmSync(folder, { recursive: true });
  });
});

describe('life in a world', () => {
  it('costs nothing where clusters hold no objects', () => {
    const live = liveWorld();
    live.world.objects.clear();
    live.pass(10);
    const before = live.world.clock.now();

    const timers: number[] = [];
    const at = live.world.clock.at.bind(live.world.clock);
    live.world.clock.at = (time, run) => {
      timers.push(time);
      return at(time, run);
    };
    for (const one of [...live.world.resources.all()])
      live.world.resources.put({ ...one, tags: { a: 'b' } });
    live.pass(24 * 3600);

    expect(live.world.clock.now()).toBe(before + 24 * 3600_000);
    expect(timers).toEqual([]);
  });
});
