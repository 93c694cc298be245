import type { Clock } from '../../../handlers/core/clock';

/** A clock whose pauses take no time. */
export class VirtualClock implements Clock {
  readonly slept: number[] = [];
  private readonly appointments: { time: number; keep: () => Promise<void> }[] = [];
  private time = 0;

  constructor(private readonly chance = 0.5) {}

  now(): number {
    return this.time;
  }

  random(): number {
    return this.chance;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds);
    this.pass(milliseconds);
    const due = this.appointments.filter(({ time }) => time <= this.time);
    due.forEach((appointment) => this.appointments.splice(this.appointments.indexOf(appointment), 1));
    for (const { keep } of due) {
      await keep();
    }
  }

  pass(milliseconds: number): void {
    this.time += milliseconds;
  }

  /** Does something in the first pause that ends at the time or later. */
  async at(time: number, work: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.appointments.push({ time, keep: async () => work().then(resolve, reject) });
    });
  }
}
