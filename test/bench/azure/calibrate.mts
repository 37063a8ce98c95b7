import { timed } from '../scenario.mts';
import { percentile } from '../statistics.mts';

/** Milliseconds that the reference machine takes for the work below. */
const referenceMs = 1.8;

const document = JSON.stringify(
  Array.from({ length: 2000 }, (_, index) => ({
    id: `/subscriptions/00000000/resourceGroups/rg-${index}/providers/Some.Provider/things/${index}`,
    tags: { team: `team-${index % 17}`, tier: index % 3 === 0 },
    properties: { numbers: [index, index / 2, -index], nested: { text: 'x'.repeat(index % 50) } },
  })),
);

/** How slow this machine is, the reference being 1: JSON read, sorted and written again, once that is compiled. */
export async function slowness(): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 40; round += 1) {
    times.push(
      await timed(() => {
        const rows = JSON.parse(document) as { id: string }[];
        rows.sort((one, other) => (one.id < other.id ? -1 : 1));
        return Promise.resolve(JSON.stringify(rows));
      }),
    );
  }
  return percentile(times.slice(10), 10) / referenceMs;
}
