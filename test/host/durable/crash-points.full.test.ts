import type { Stage } from './support/crash-points';
import { crashAt, crashPoints, openStage, outcomeOf } from './support/crash-points';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(() => {
  stage.close();
});

describe.each([1, 20])('with %d functions at the same time', (atOnce) => {
  test('a crash at any point changes nothing of what comes out', async () => {
    const undisturbed = await stage.run(atOnce);

    const lives = await crashAt(stage, atOnce, crashPoints(undisturbed));

    const expected = outcomeOf(undisturbed, undisturbed);
    for (const [point, life] of lives) {
      expect({ point, ...outcomeOf(life, undisturbed) }).toEqual({ point, ...expected });
    }
    expect(lives.size).toBeGreaterThan(270);
  }, 1_200_000);
});
