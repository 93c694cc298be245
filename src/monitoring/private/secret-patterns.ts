import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import { referToSecret } from '../../core/arn';
import { textAtMost } from '../../core/text-at-most';

/** Characters that an event pattern may have. */
const MAXIMUM_PATTERN = 2048;

/** The whole ARN, which events carry, or the beginning of it. */
export type SecretPattern = string | { prefix: string };

/** How events name a secret: of one that is known by its name only, the beginning. */
export function eventPatternOf(scope: IConstruct, secret: ISecret): SecretPattern {
  return secret.secretFullArn === undefined ? { prefix: `${secret.secretArn}-` } : referToSecret(scope, secret);
}

/** The secrets that one event pattern is about: as many as it has room for. */
export class SecretPatterns {
  private readonly secrets: SecretPattern[] = [];
  private size: number;

  constructor(private readonly patternOf: (secrets: SecretPattern[]) => object) {
    this.size = JSON.stringify(patternOf([])).length;
  }

  /** The event pattern. */
  get pattern(): object {
    return this.patternOf(this.secrets);
  }

  /** Adds secrets, if the pattern has room for them. */
  add(pattern: SecretPattern, fixedName?: string): boolean {
    const atMost = (_: string, value: unknown) => typeof value === 'string' ? textAtMost(value, fixedName?.length) : value;
    const size = JSON.stringify([pattern], atMost).length;
    if (this.secrets.length > 0 && this.size + size > MAXIMUM_PATTERN) {
      return false;
    }
    this.secrets.push(pattern);
    this.size += size;
    return true;
  }
}
