import { armGuid } from '../../domain/arm/guid';
import { correlationOf, runNameOf, spanIdOf, traceIdOf } from '../../domain/correlation';
import { sortableId, timeIn } from '../../domain/ids';

const mig = 'mig_01KQ0000000000000000000000';

describe('the id of a run', () => {
  it.each([
    ['fleet_1.run_1', 'run_1'],
    ['fleet_1.run_1.2', 'run_1'],
    ['fleet_1.run_1.2.switch', 'run_1'],
    ['evaluate-run_1', 'run_1'],
    ['evaluate-0123abcd', 'evaluate-0123abcd'],
    [mig, mig],
    [`${mig}_01KQ0000000000000000000001.c1.soak`, mig],
    [`${mig}.survey`, mig],
    ['proof_1', 'proof_1'],
  ])('%s is that of %s', (instanceId, root) => {
    expect(correlationOf(instanceId).id).toBe(armGuid('steward', root));
  });

  it('tells one sweep from the next, though all have one name', () => {
    const [first, again, next] = ['09:00', '09:00', '15:00'].map((at) =>
      correlationOf('sweep', at),
    );

    expect(first).toEqual(again);
    expect(first?.id).not.toBe(next?.id);
    expect(first?.runSpanId).not.toBe(next?.runSpanId);
  });

  it('is a trace id without its dashes', () => {
    expect(traceIdOf(correlationOf('fleet_1.run_1').id)).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('the span of a run', () => {
  it('is one for all parts of the run', () => {
    const ids = ['fleet_1.run_1', 'fleet_1.run_1.2', 'fleet_1.run_1.2.switch'].map(
      (id) => correlationOf(id).runSpanId,
    );

    expect(new Set(ids)).toEqual(new Set([spanIdOf('run_1')]));
  });

  it('of an evaluation is below the receipt of its event, or below the run whose echo the event is', () => {
    expect(correlationOf('evaluate-0123abcd').causeSpanId).toBe(spanIdOf('0123abcd'));
    expect(correlationOf('evaluate-run_1').causeSpanId).toBe(
      correlationOf('fleet_1.run_1').runSpanId,
    );
    expect(correlationOf('evaluate-run_1').runSpanId).not.toBe(spanIdOf('run_1'));
    expect(correlationOf('fleet_1.run_1')).not.toHaveProperty('causeSpanId');
  });

  it('differs between the plan, the application and the rollback of a migration', () => {
    const runs = [mig, `${mig}_01KQ0000000000000000000001`, `${mig}_01KQ0000000000000000000002`];

    expect(new Set(runs.map((id) => correlationOf(id).runSpanId)).size).toBe(3);
  });
});

describe('the name of a run', () => {
  it.each([
    ['fleet_1.run_1.2', 'run_1'],
    ['sweep', 'sweep'],
    [`${mig}.c1`, mig],
  ])('%s is %s', (instanceId, name) => {
    expect(runNameOf(instanceId)).toBe(name);
  });
});

describe('the time of an id', () => {
  const at = Date.UTC(2026, 10, 24, 8, 0, 0, 123);
  const id = (prefix: 'run' | 'mig') => sortableId(prefix, at, Buffer.alloc(10, 7));

  it('is when it was made', () => {
    expect(timeIn(id('run'))).toBe(at);
    expect(timeIn(`fleet_1.${id('run')}.2.switch`)).toBe(at);
    expect(timeIn(`${mig}_${id('mig').slice(4)}`)).toBe(at);
  });

  it.each(['run_1', 'sweep', 'evaluate-0123456789abcdef0123456789abcdef', ''])(
    'is not known of %s',
    (name) => {
      expect(timeIn(name)).toBeUndefined();
    },
  );
});
