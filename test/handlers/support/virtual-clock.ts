import type { Clock } from '../../../handlers/core/clock';

/** A clock whose pauses take no time. */
export class VirtualClock implements Clock {
  public readonly slept: number[] = [];
  private time = 0;

  constructor(private readonly chance = 0.5) {}

  public now(): number {
    return this.time;
  }

  public random(): number {
    return this.chance;
  }

  public async sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds);
    this.pass(milliseconds);
  }

  public pass(milliseconds: number): void {
    this.time += milliseconds;
  }
}
