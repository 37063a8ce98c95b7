import type { SimulatedClock } from '../../../simulator';
import { ManualClock } from '../../host/durable/support/manual-clock';

/** One time for the engine and the simulated Azure; the engine's timers move it. */
export class SharedClock extends ManualClock {
  readonly #simulated: SimulatedClock;

  constructor(simulated: SimulatedClock) {
    super(simulated.now());
    this.#simulated = simulated;
  }

  override now(): number {
    return this.#simulated.now();
  }

  override moveTo(time: number): void {
    const by = time - this.now();
    if (by > 0) this.#simulated.advance(by);
    super.moveTo(time);
  }
}
