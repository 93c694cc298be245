import { VirtualClock } from '../support/virtual-clock';

const MINUTE = 60_000;
/** More than a former credential may have to be unused before it is ended. */
export const PERIOD = 2 * 24 * 60 * MINUTE;

/** When a version is made that is the next after so many. */
export function timeOf(versions: number): number {
  return versions * PERIOD;
}

/** A clock in the period of the newest of so many versions. */
export class PeriodClock extends VirtualClock {
  asked = false;

  constructor(versions: number, chance: number) {
    super(chance);
    this.pass(timeOf(versions - 1) + MINUTE);
  }

  override random(): number {
    this.asked = true;
    return super.random();
  }
}
