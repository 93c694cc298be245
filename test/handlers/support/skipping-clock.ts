import { type Clock, systemClock } from '../../../handlers/core/clock';

/** The system's clock, which skips pauses from some moment on, and is ahead by what it has skipped. */
export function skippingClock(skips: () => boolean): Clock {
  let ahead = 0;
  return {
    ...systemClock,
    now: () => systemClock.now() + ahead,
    sleep: async (milliseconds) => skips() ? void (ahead += milliseconds) : systemClock.sleep(milliseconds),
  };
}
