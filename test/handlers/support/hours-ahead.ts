import { type Clock, systemClock } from '../../../handlers/core/clock';

const HOUR = 3_600_000;

/** The system's clock, some hours ahead. */
export function hoursAhead(hours: number): Clock {
  return { ...systemClock, now: () => systemClock.now() + hours * HOUR };
}
