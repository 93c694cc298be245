import { createHash } from 'node:crypto';
import type { Interruption } from '../local-deployment/emulator';

const BYTES = 6;

/** Decides at which call of a rotation its function is killed: the same for the same seed. */
export class Kills {
  private drawn = 0;

  constructor(readonly seed: number) {}

  /** @param calls how many a rotation makes of Secrets Manager */
  next(calls: number): Interruption {
    return { nth: 1 + Math.floor(this.random() * calls), when: this.random() < 0.5 ? 'before' : 'after' };
  }

  /** From 0 to 1. */
  private random(): number {
    this.drawn += 1;
    return createHash('sha256').update(`${this.seed} ${this.drawn}`).digest().readUIntBE(0, BYTES) / 2 ** (8 * BYTES);
  }
}
