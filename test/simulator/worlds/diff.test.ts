import fc from 'fast-check';

import { changedPaths } from '../../../simulator/changed-paths';
import type { Json } from '../../../simulator/json';
import { diffJson, diffWorlds, printDiff } from '../../../simulator/worlds/diff';

const before = {
  '/a': { id: '/a', tags: { team: 'x', 'k8s.io/n': '1' }, list: [{ n: 1 }, { n: 2 }] },
  '/b': { id: '/b' },
  '/same': { id: '/same', empty: {} },
};
const after = {
  '/a': { id: '/a', tags: { team: 'y' }, list: [{ n: 1 }], bag: {} },
  '/c': { id: '/c' },
  '/same': { empty: {}, id: '/same' },
};

describe('the difference of two worlds', () => {
  it('names what came, what went, and every path that is another', () => {
    expect(diffJson(diffWorlds(before, after))).toEqual({
      added: ['/c'],
      removed: ['/b'],
      changed: [
        {
          id: '/a',
          paths: [
            { path: 'tags.team', before: 'x', after: 'y' },
            { path: "tags['k8s.io/n']", before: '1' },
            { path: 'list[1].n', before: 2 },
            { path: 'bag', after: {} },
          ],
        },
      ],
    });
  });

  it('reads as text', () => {
    expect(printDiff(diffWorlds(before, after)).split('\n')).toEqual([
      '+ /c',
      '- /b',
      '~ /a',
      '    tags.team: "x" → "y"',
      `    tags['k8s.io/n']: "1" → nothing`,
      '    list[1].n: 2 → nothing',
      '    bag: nothing → {}',
      '1 added, 1 removed, 1 changed',
    ]);
  });
});

describe('changed paths', () => {
  const json = fc
    .jsonValue({ maxDepth: 3 })
    .map((value) => JSON.parse(JSON.stringify(value)) as Json);

  it('are none for equal documents, whatever the order of members', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect([...changedPaths(value, reversed(value))]).toEqual([]);
      }),
    );
  });

  it('are some for different documents, and the same both ways', () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        const forth = Array.from(changedPaths(one, other), ({ path }) => path);
        const back = Array.from(changedPaths(other, one), ({ path }) => path);

        expect(forth.length > 0).toBe(
          JSON.stringify(sorted(one)) !== JSON.stringify(sorted(other)),
        );
        expect(back.sort()).toEqual(forth.sort());
      }),
    );
  });
});

function reversed(value: Json): Json {
  if (Array.isArray(value)) return (value as Json[]).map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).reverse();
  return Object.fromEntries(members.map(([name, one]) => [name, reversed(one as Json)]));
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return (value as Json[]).map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, one]) => [name, sorted(one as Json)]));
}
