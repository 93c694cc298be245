import { RotationError } from './rotation-error';

export type Step = 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';

/** What Secrets Manager sends for each step of a rotation. */
export interface RotationEvent {
  readonly step: Step;
  readonly secretArn: string;
  readonly token: string;
  /** Proof of the right to write, where Secrets Manager gives one: passed back with the new version and never shown. */
  readonly rotationToken?: string;
}

const STEPS: ReadonlyMap<unknown, Step> = new Map<unknown, Step>(
  (['create', 'set', 'test', 'finish'] as const).flatMap(
    (verb) =>
      [
        [`${verb}Secret`, `${verb}Secret`],
        [`${verb}_secret`, `${verb}Secret`],
      ] as const,
  ),
);
const SECRET_ARN = /^arn:aws[a-z-]{0,20}:secretsmanager:[a-z0-9-]{1,32}:\d{12}:secret:[A-Za-z0-9/_+=.@!-]{1,519}$/;
const TOKEN = /^[\x21-\x7e]{32,64}$/;
const ROTATION_TOKEN = /^[\x21-\x7e]{36,256}$/;

/** Reads an event that may come from anyone who can invoke the function. */
export function parseRotationEvent(event: unknown): RotationEvent {
  const fields = (typeof event === 'object' && event !== null ? event : {}) as Record<string, unknown>;
  const step = STEPS.get(fields.Step);
  if (step === undefined) {
    throw new RotationError(
      'request',
      'the event has no Step that Secrets Manager knows: createSecret, setSecret, testSecret, finishSecret',
    );
  }
  return {
    step,
    secretArn: matching(fields, 'SecretId', SECRET_ARN, 'the ARN of a secret'),
    token: matching(fields, 'ClientRequestToken', TOKEN, '32 to 64 printable characters'),
    rotationToken:
      fields.RotationToken === undefined
        ? undefined
        : matching(fields, 'RotationToken', ROTATION_TOKEN, '36 to 256 printable characters'),
  };
}

function matching(fields: Record<string, unknown>, name: string, pattern: RegExp, expected: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || !pattern.test(value)) {
    throw new RotationError('request', `the event's ${name} is not ${expected}`);
  }
  return value;
}
