import { mayRun } from '../../../host/durable/orchestrations/versions';

describe('an instance of a version', () => {
  test.each([
    ['', undefined, true],
    ['1.0', undefined, false],
    ['3.0', '3.0', true],
    ['2.10', '3.0', true],
    ['3.1', '3.0', false],
    ['3.0.0', '3.0', false],
    ['3.0', '3.0.0', true],
    ['03.0', '3.0', true],
    // Not two to four numbers: compared as text.
    ['10', '3.0', true],
    ['3', '3.0', true],
    ['1.2.3.4.5', '3.0', true],
    ['abc', '3.0', false],
    ['V1', 'v1', true],
    ['', '3.0', true],
  ])('%s runs on version %s: %s', (version, hostVersion, runs) => {
    expect(mayRun(version, hostVersion)).toBe(runs);
  });
});
