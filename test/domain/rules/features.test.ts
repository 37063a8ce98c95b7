import { podIdentityFeature } from '../../../domain/policy';
import { aCluster, aPolicy } from '../../support/clusters';
import { findingsOf, isUnknown } from '../../support/rules';

describe('rules about preview flags', () => {
  const other = 'Microsoft.ContainerService/OtherPreview';
  const policy = aPolicy({ features: { required: [podIdentityFeature] } });
  const withState = (name: string, state: string, more: object = {}) =>
    aCluster({ features: { [name]: { state, usedBy: 0, ...more } } });

  it('name a flag that is wanted and not there, and its state', () => {
    expect(findingsOf('FTR-001', withState(podIdentityFeature, 'Pending'), policy)).toMatchObject([
      { subject: 'EnablePodIdentityPreview', evidence: [`${podIdentityFeature} is Pending`] },
    ]);
    expect(findingsOf('FTR-001', withState(podIdentityFeature, 'registered'), policy)).toEqual([]);
  });

  it('find the flag of pod identity only where no cluster uses the add-on', () => {
    const inUse = withState(podIdentityFeature, 'Registered', { usedBy: 1 });

    expect(findingsOf('FTR-002', inUse)).toEqual([]);
    expect(findingsOf('FTR-002', withState(podIdentityFeature, 'Registered'))).toHaveLength(1);
    expect(findingsOf('FTR-002', withState(podIdentityFeature, 'NotRegistered'))).toEqual([]);
  });

  it('find a flag that hangs for more than an hour', () => {
    const since = (time: string) => withState(other, 'Registering', { since: time });

    expect(findingsOf('FTR-003', since('2026-11-24T06:59:59Z'))).toMatchObject([
      { subject: 'OtherPreview' },
    ]);
    expect(findingsOf('FTR-003', since('2026-11-24T07:00:00Z'))).toEqual([]);
    expect(findingsOf('FTR-003', withState(other, 'Registering'))).toEqual([]);
  });

  it('find a flag that is forbidden', () => {
    const forbidding = aPolicy({ features: { forbidden: [other] } });

    expect(findingsOf('FTR-005', withState(other, 'Registered'), forbidding)).toHaveLength(1);
    expect(isUnknown('FTR-005', aCluster(), forbidding)).toBe(true);
  });

  it('find providers that are not registered, by any spelling', () => {
    const providers = {
      'microsoft.eventgrid': 'NotRegistered',
      'Microsoft.ContainerService': 'Registered',
    };

    expect(findingsOf('FTR-004', { ...aCluster(), providers })).toMatchObject([
      { subject: 'Microsoft.EventGrid' },
    ]);
  });
});
