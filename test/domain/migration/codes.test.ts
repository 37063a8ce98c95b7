import { codeStatus } from '../../../domain/migration/codes';
import type { MigrationCode } from '../../../domain/migration/codes';
import { clusterTwins, consumerTwins } from './support/twins-of-clusters';
import { evidenceTwins } from './support/twins-of-evidence';
import { identityTwins } from './support/twins-of-identities';
import { sidecarTwins } from './support/twins-of-sidecars';
import { accountTwins, ownerTwins } from './support/twins-of-workloads';
import { codesIn, planOf } from './support/a-world';
import type { World } from './support/a-world';

type Twins = readonly (readonly [MigrationCode, World, World])[];

const twins: Twins = [
  ...clusterTwins,
  ...consumerTwins,
  ...identityTwins,
  ...evidenceTwins,
  ...ownerTwins,
  ...sidecarTwins,
  ...accountTwins,
];

describe('a code of a plan', () => {
  it.each(twins)(
    '%s is said where it is true, and not of a cluster that is almost the same',
    (code, world, twin) => {
      expect(codesIn(planOf(world))).toContain(code);
      expect(codesIn(planOf(twin))).not.toContain(code);
    },
  );

  it('is in the table, whatever it is', () => {
    expect([...new Set(twins.map(([code]) => code))].sort()).toEqual(
      Object.keys(codeStatus).sort(),
    );
  });

  it('is not said of a cluster where all is as usual', () => {
    expect(codesIn(planOf())).toEqual([]);
  });
});
