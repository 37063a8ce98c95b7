import { randomBytes } from 'node:crypto';

import { forgetSurvey, loadPart, loadSurvey, storePart } from '../../../activities/survey-store';
import { openSqliteRecords } from '../../../clients/records/sqlite-records';
import { clusterId } from '../../support/clusters';

const part = { surveyId: 'sv_1', clusterId, name: 'pods' };
const all = { limit: 1000 };

describe('what a survey keeps', () => {
  let records: ReturnType<typeof openSqliteRecords>;
  beforeEach(() => {
    records = openSqliteRecords(':memory:');
  });
  afterEach(() => {
    records.close();
  });

  it('comes back whole, in pieces that are small enough for every store', async () => {
    const value = { text: randomBytes(600_000).toString('base64'), Ä: ['ß', null, 1.5] };
    await storePart(records, part, value);
    const { items } = await records.list('surveyPiece', all);

    expect(await loadPart(records, part)).toEqual(value);
    expect(items.length).toBeGreaterThan(3);
    expect(Math.max(...items.map((one) => JSON.stringify(one).length))).toBeLessThan(256 * 1024);
  });

  it('is replaced by what is read later, also when that is less', async () => {
    await storePart(records, part, randomBytes(600_000).toString('base64'));
    await storePart(records, part, ['small']);

    expect(await loadPart(records, part)).toEqual(['small']);
    expect((await records.list('surveyPiece', all)).items).toHaveLength(1);
  });

  it('is not there before all of it is', async () => {
    await storePart(records, part, randomBytes(600_000).toString('base64'));
    const { items } = await records.list('surveyPiece', all);
    await records.remove('surveyPiece', items[1]?.id ?? '');

    expect(await loadPart(records, part)).toBeUndefined();
    expect(await loadPart(records, { ...part, name: 'other' })).toBeUndefined();
  });

  it('is one cluster apart from another, and one survey from another', async () => {
    await storePart(records, part, 1);

    expect(await loadPart(records, { ...part, surveyId: 'sv_2' })).toBeUndefined();
    expect(await loadPart(records, { surveyId: 'sv_1', name: 'pods' })).toBeUndefined();
  });

  it('has no cluster in scope that was not read to its end', async () => {
    const fleet = {
      subscriptions: [],
      clusters: [],
      identities: [],
      roleAssignments: [],
      vmss: [],
    };
    await storePart(records, { surveyId: 'sv_1', name: 'fleet' }, fleet);
    await storePart(records, part, []);

    expect(await loadSurvey(records, 'sv_1', [clusterId])).toEqual({ fleet, kubernetes: {} });
    await expect(loadSurvey(records, 'sv_2', [clusterId])).rejects.toMatchObject({
      failure: { code: 'NotFound' },
    });
  });

  it('is forgotten to the last piece', async () => {
    await storePart(records, { surveyId: 'sv_1', name: 'fleet' }, {});
    await storePart(records, part, randomBytes(600_000).toString('base64'));
    await storePart(
      records,
      { ...part, name: 'summary' },
      { serverVersion: 'v1', parts: ['pods'] },
    );
    await storePart(records, { ...part, surveyId: 'sv_2' }, 'kept');
    await forgetSurvey(records, 'sv_1', [clusterId]);

    expect(
      (await records.list('surveyPiece', all)).items.map(({ id }) => id.split('.')[0]),
    ).toEqual(['sv_2']);
  });
});
