import { hoursAhead } from './hours-ahead';
import { RotationBench } from './rotation-bench';
import { rotationEnvironment } from './rotation-environment';
import { FUNCTION_ARN, FunctionInProcess } from './rotation-function';
import { type Clock, systemClock } from '../../../handlers/core/clock';
import { accessKeyRotation } from '../../../handlers/rotate-iam-access-key/access-key-rotation';
import type { AccessKeyBinding } from '../../../src/contract/access-key-binding';
import { IamApi } from '../../servers/iam-api';

export const WORKS_FOR_HOURS = 48;

export interface KeyValue {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** An IAM user with its secret. */
export interface UserSetup {
  readonly arn: string;
  readonly userName: string;
  readonly binding: AccessKeyBinding;
  /** The key that is in the secret from the beginning. */
  readonly first: KeyValue;
}

/** Everything that rotations of access keys need, running: Secrets Manager, IAM and STS. */
export class AccessKeyBench {
  static async start(): Promise<AccessKeyBench> {
    const rotations = await RotationBench.start();
    return new AccessKeyBench(rotations, await IamApi.start(rotations.secrets));
  }

  private serial = 0;

  private constructor(readonly rotations: RotationBench, readonly iam: IamApi) {}

  /** A user whose key its secret holds. */
  async createUser(more: Record<string, unknown> = {}, binding: Partial<AccessKeyBinding> = {}): Promise<UserSetup> {
    const { userName, userArn } = await this.createBareUser();
    const first = await this.iam.createKey(userName);
    const arn = await this.rotations.createSecret({ ...first, ...more });
    return { arn, userName, first, binding: { secret: arn, userArn, formerWorksForHours: WORKS_FOR_HOURS, ...binding } };
  }

  /** A user without a key, and what a secret holds until there is one. */
  async createKeyless(value: unknown): Promise<Omit<UserSetup, 'first'>> {
    const { userName, userArn } = await this.createBareUser();
    const arn = await this.rotations.createSecret(value);
    return { arn, userName, binding: { secret: arn, userArn, formerWorksForHours: WORKS_FOR_HOURS } };
  }

  function({ binding }: Pick<UserSetup, 'binding'>, clock: Clock = systemClock, milliseconds?: number): FunctionInProcess {
    return this.functionOf([binding], clock, milliseconds);
  }

  functionOf(bindings: AccessKeyBinding[], clock: Clock = systemClock, milliseconds?: number): FunctionInProcess {
    return new FunctionInProcess({
      ...accessKeyRotation({ iamEndpoint: this.iam.url, stsEndpoint: this.iam.url, clock }),
      variables: rotationEnvironment(this.rotations.guard, { bindings }),
      clock,
    }, milliseconds);
  }

  /** The daily audit, some hours from now. */
  async audit(user: Pick<UserSetup, 'arn' | 'binding'>, hours: number, { functionArn = FUNCTION_ARN } = {}): Promise<string> {
    const auditing = this.function(user, hoursAhead(hours));
    return auditing.invoke({ audit: [{ secret: user.arn, rotatesWithinHours: 10_000 }] }, functionArn)
      .then(() => 'fine', ({ message }: Error) => message);
  }

  async key(arn: string, label = 'AWSCURRENT', versionId?: string): Promise<KeyValue> {
    return JSON.parse(await this.rotations.value(arn, label, versionId)) as KeyValue;
  }

  /** The ids of the user's keys that are active. */
  async active(userName: string): Promise<string[]> {
    return (await this.iam.keysOf(userName)).filter(({ active }) => active).map(({ id }) => id);
  }

  reset(): void {
    this.rotations.guard.reset();
    this.iam.reset();
  }

  async stop(): Promise<void> {
    await this.iam.stop();
    await this.rotations.stop();
  }

  private async createBareUser(): Promise<{ userName: string; userArn: string }> {
    const userName = `user-${this.serial++}`;
    return { userName, userArn: await this.iam.createUser(userName, '/apps/') };
  }
}
