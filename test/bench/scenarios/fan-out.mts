import { type Scenario, timed, withHost } from '../scenario.mts';

const activities = 1000;

/** B: one orchestration with many activities in parallel. */
export const fanOut: Scenario = {
  name: 'B',
  title: `one orchestration with ${activities} activities in parallel`,
  run: ({ folder }) =>
    withHost(folder, async (host) => {
      await host.startInstance('fanOut', 'warm', { count: 100 });
      await host.idle();
      const ms = await timed(async () => {
        await host.startInstance('fanOut', 'b', { count: activities });
        await host.idle();
      });
      return { activitiesPerSecond: activities / (ms / 1000), ...(await host.calibrate()) };
    }),
};
