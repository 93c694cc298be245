import { type AccessKeyBinding, IAM_USER_ARN } from '../../src/contract/access-key-binding';

/** The IAM user whose keys a secret holds. */
export class BoundUser {
  readonly name: string;
  private readonly account: string;

  constructor(readonly binding: AccessKeyBinding) {
    [, this.account, this.name] = IAM_USER_ARN.exec(binding.userArn)!;
  }

  /** Whether an ARN is the user's: names are unique in an account, and the path may not have been known to the deployment. */
  is(arn: string): boolean {
    const [, account, name] = IAM_USER_ARN.exec(arn) ?? [];
    return account === this.account && name === this.name;
  }
}
