import type { Stage } from './support/crash-points';
import { crashAt, crashPoints, openStage, outcomeOf } from './support/crash-points';

/** `crash-points.full.test.ts` tries all of them. */
const oneIn = 25;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(() => {
  stage.close();
});

test('a crash at some points changes nothing of what comes out', async () => {
  const undisturbed = await stage.run(1);
  const points = crashPoints(undisturbed).filter((_, index) => index % oneIn === 11);

  const lives = await crashAt(stage, 1, points);

  const expected = outcomeOf(undisturbed, undisturbed);
  for (const [point, life] of lives) {
    expect({ point, ...outcomeOf(life, undisturbed) }).toEqual({ point, ...expected });
  }
  expect(lives.size).toBeGreaterThan(9);
}, 180_000);

test('the script takes every action and is treated in every way', async () => {
  const { end } = await stage.run(20);

  const types = end.instances.flatMap(({ history }) => history.map(({ type }) => type));
  expect([...new Set(types)].sort((a, b) => a - b)).toEqual([
    ...[0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15, 17, 19, 20],
  ]);
});
