import { parseQuery } from '../../../simulator/kusto/parse-query';
import { wantedTypes } from '../../../simulator/kusto/wanted-types';

describe('the types that a query wants', () => {
  it.each([
    ["where type =~ 'A/b'", ['a/b']],
    ["where type == 'a/b' and name == 'x'", ['a/b']],
    ["where name == 'x' | where type in~ ('a/B', 'c/d')", ['a/b', 'c/d']],
    ["where type in ('a/b')", ['a/b']],
    ["where type =~ 'a/b' or name == 'x'", undefined],
    ["where not(type =~ 'a/b')", undefined],
    ["where type !~ 'a/b'", undefined],
    ["where type !in~ ('a/b')", undefined],
    ["where type contains 'a/b'", undefined],
    ['where type == name', undefined],
    ["extend type = 'x' | where type == 'x'", undefined],
    ["take 5 | where type == 'x'", undefined],
    ["where name =~ 'a/b'", undefined],
    ['count', undefined],
  ])('of resources | %s are %j', (stages, types) => {
    expect(wantedTypes(parseQuery(`resources | ${stages}`))).toEqual(types);
  });
});
