import { CfnUser, type IUser } from 'aws-cdk-lib/aws-iam';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { IAM_USER_ARN } from '../../contract/access-key-binding';
import { ConflictError, ValidationError } from '../../core/errors';

/** An IAM user as a function knows it. */
export interface IamUserFacts {
  readonly arn: string;
  /** What tells it from other users of the account: its name, or the construct where only the deployment knows that. */
  readonly identity: string;
  /** The construct of the user, where the app defines it. */
  readonly resource?: CfnUser;
}

/** A user of another stack is named by a literal ARN, so that functions refer to nothing that may depend on them. */
export function iamUserFacts(scope: IConstruct, user: IUser, home: IConstruct): IamUserFacts {
  const resource = user.node.defaultChild;
  if (!(resource instanceof CfnUser)) {
    return importedUser(scope, user, home);
  }
  const name = fixed(resource.userName);
  const identity = name ?? user.node.path;
  if (Stack.of(user) === Stack.of(home)) {
    return { arn: user.userArn, identity, resource };
  }
  if (name === undefined) {
    throw new ConflictError(
      scope,
      `the IAM user '${user.node.path}' is in another stack than the rotation function and has no fixed name`,
      'give it a `userName`, or define it in the stack of the platform or, without one, of the secret',
    );
  }
  const stack = Stack.of(user);
  refuseOtherAccount(scope, user, stack.account, home);
  const resourceName = `${(fixed(resource.path) ?? '/').slice(1)}${name}`;
  return { arn: Stack.of(home).formatArn({ service: 'iam', region: '', resource: 'user', resourceName }), identity, resource };
}

function importedUser(scope: IConstruct, user: IUser, home: IConstruct): IamUserFacts {
  const { userArn: arn } = user;
  if (Token.isUnresolved(arn)) {
    refuseOtherAccount(scope, user, Stack.of(user).account, home);
    return { arn, identity: fixed(user.userName) ?? user.node.path };
  }
  const [, account, name] = IAM_USER_ARN.exec(arn) ?? [];
  if (account === undefined) {
    throw new ValidationError({
      scope,
      property: 'Rotation.iamAccessKey(user)',
      got: arn,
      allowed: 'a user with an ARN such as arn:aws:iam::123456789012:user/path/name',
      remedy: 'import the user by its name, or by its ARN with the path',
    });
  }
  refuseOtherAccount(scope, user, account, home);
  return { arn, identity: name };
}

function refuseOtherAccount(scope: IConstruct, user: IUser, account: string, home: IConstruct): void {
  const own = Stack.of(home).account;
  if (account !== own && !Token.isUnresolved(account) && !Token.isUnresolved(own)) {
    throw new ConflictError(
      scope,
      `the IAM user '${user.node.path}' is in the account ${account}, and the rotation function in ${own}`,
      "rotate its access keys by a secret of the user's account",
    );
  }
}

function fixed(value: string | undefined): string | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}
