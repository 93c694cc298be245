import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Annotations, type Duration } from 'aws-cdk-lib/core';
import { pathOf } from './delivered-variables';
import { oneSetting, type SharedThing } from './one-setting';
import { requireDuration } from '../../core/validate';
import { SecretRecord } from '../../secret/private/secret-record';

/** How long a value is kept where it works on after a rotation: the default of AWS's extension and provider. */
const USUAL_SECONDS = 300;

/** A cache of AWS's that one consumer has for all secrets that it reads. */
export interface CacheFacts extends SharedThing {
  /** The method as users write it. */
  readonly method: string;
  /** The setting as AWS calls it. */
  readonly setting: string;
  /** The longest that it keeps a value. */
  readonly longestSeconds: number;
  /** What helps where values outlive their rotation. */
  readonly remedy: string;
  /** Names by which users acknowledge the messages: stable. */
  readonly messages: { readonly off: string; readonly outlives: string };
}

/** How long a consumer's cache keeps values: by what rotations of its secrets do to the former value. Known at synthesis. */
export class SharedCache {
  private readonly secrets: ISecret[] = [];
  private chosen?: Duration;

  constructor(private readonly facts: CacheFacts) {
    facts.consumer.node.addValidation({ validate: () => this.explain() });
  }

  /** Adds a secret that is read through it. Two secrets cannot ask for different times. */
  add(secret: ISecret, timeToLive: Duration | undefined): void {
    const { consumer: scope, method, longestSeconds } = this.facts;
    const input = { scope, property: `${method}(timeToLive)`, remedy: 'give another time, or leave it out' };
    requireDuration(input, timeToLive, 0, longestSeconds);
    this.chosen = oneSetting(this.facts, 'timeToLive', this.chosen, timeToLive, (time) => time.toSeconds());
    this.secrets.push(secret);
  }

  get seconds(): number {
    return this.chosen?.toSeconds() ?? (this.refused.length > 0 ? 0 : USUAL_SECONDS);
  }

  /** The secrets whose former value is refused when they rotate. */
  private get refused(): ISecret[] {
    return this.secrets.filter((secret) => !SecretRecord.of(secret).rotationEffect.formerWorks);
  }

  private explain(): string[] {
    const [first] = this.refused;
    if (first === undefined) {
      return [];
    }
    const { consumer, what, setting, remedy, messages } = this.facts;
    const reason = `the former value of '${pathOf(first)}' is refused as soon as it has rotated`;
    if (this.seconds === 0) {
      Annotations.of(consumer).addInfoV2(messages.off, `its ${what} keeps no value (${setting} is 0): ${reason}; with `
        + `Rotation.alternatingUsers() it would keep one for ${USUAL_SECONDS} seconds`);
    } else {
      Annotations.of(consumer).addWarningV2(messages.outlives, `its ${what} keeps a value for ${this.seconds} seconds, and `
        + `${reason}: for so long logins fail after each rotation; ${remedy}, leave out \`timeToLive\`, or use `
        + 'Rotation.alternatingUsers()');
    }
    return [];
  }
}
