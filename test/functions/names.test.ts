import { activities } from '../../activities';
import { registry } from '../support/orchestrations';

describe('the names of functions', () => {
  const names = [...Object.keys(activities), ...registry.keys()];

  it('are unique across activities and orchestrations', () => {
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it('are such as the host takes: letters, not beginning like its own', () => {
    expect(names.filter((name) => !/^(?!admin)[a-z][A-Za-z]{0,62}$/.test(name))).toEqual([]);
  });
});
