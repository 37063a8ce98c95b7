import { parseStart } from '../../cli/arguments';

describe('the options of npm start', () => {
  it('have defaults', () => {
    expect(parseStart([])).toEqual({
      once: false,
      json: false,
      bundle: false,
      clusters: 25,
      seed: 1,
      speed: 180,
      port: 7071,
      data: undefined,
      scenario: 'fleet',
    });
  });

  it('are read', () => {
    const args =
      '--once --json --bundle --clusters 3 --seed 9 --speed 2.5 --port 8080 --data here'.split(' ');

    expect(parseStart(args)).toEqual({
      once: true,
      json: true,
      bundle: true,
      clusters: 3,
      seed: 9,
      speed: 2.5,
      port: 8080,
      data: 'here',
      scenario: 'fleet',
    });
  });

  it('choose a scenario, and only one that there is', () => {
    expect(parseStart(['--scenario', 'pod-identity']).scenario).toBe('pod-identity');
    expect(() => parseStart(['--scenario=workloads'])).toThrow(
      "--scenario is 'workloads'; it must be fleet or pod-identity.",
    );
  });

  it.each(['0', '-1', '1.5', '', 'ten', '1e9'])('refuse %j clusters', (clusters) => {
    expect(() => parseStart([`--clusters=${clusters}`])).toThrow(
      `--clusters is '${clusters}'; it must be a whole number from 1 to 10000.`,
    );
  });
});
