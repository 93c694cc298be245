import type { IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Annotations, Stack, Token } from 'aws-cdk-lib/core';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct, type IConstruct } from 'constructs';
import { viaSecretsManager } from '../../core/arn';
import type { KeyFacts } from '../../encryption/private/encryption-key';

/** Stable: users acknowledge the warning by this name. */
const OTHER_ACCOUNT = 'cdk-secretsmanager-patterns:otherAccount';

/** What the other side has to name. */
interface Shared {
  readonly resource: IConstruct;
  readonly secretArn: string;
  readonly fixedName?: string;
  readonly key?: KeyFacts;
  readonly region?: string;
}

/** What it has to allow. */
interface Actions {
  readonly secretActions: string[];
  readonly keyActions: string[];
}

/**
 * Says what the account of a principal has to allow as well, where the app does not know the principal's policies: the policies
 * of secret and key are one half.
 */
export function warnOfOtherAccount(secret: Shared, principal: IPrincipal, permission: Actions): void {
  const { account: own, region: inStack } = Stack.of(secret.resource);
  const region = secret.region ?? (Token.isUnresolved(inStack) ? '<Region>' : inStack);
  const account = accountOf(principal);
  const isTold = Construct.isConstruct(principal) && Stack.of(principal).account === account;
  if (account === undefined || Token.isUnresolved(own) || account === own || isTold) {
    return;
  }
  // A stack names its partition by a reference, which is no text for a message.
  const { partition = 'aws' } = RegionInfo.get(region);
  const secretArn = secret.fixedName === undefined ? secret.secretArn
    : `arn:${partition}:secretsmanager:${region}:${own}:secret:${secret.fixedName}-??????`;
  const statements = [
    { Effect: 'Allow', Action: permission.secretActions, Resource: textOr('<ARN of the secret>', secretArn) },
    {
      Effect: 'Allow',
      Action: permission.keyActions,
      Resource: textOr('<ARN of the key>', secret.key?.key?.keyArn),
      Condition: { StringEquals: { 'kms:ViaService': viaSecretsManager(secret.resource, region) } },
    },
  ];
  Annotations.of(secret.resource).addWarningV2(OTHER_ACCOUNT, `'${principal}' is of the account ${account}: the policies of the secret `
    + 'and of its key let it in, and a policy of its own has to as well, which this app does not know; add there '
    + `${statements.map((statement) => JSON.stringify(statement)).join(' and ')}, and acknowledge the warning`);
}

/** The account of a principal, where it is known as text. */
function accountOf({ principalAccount, policyFragment }: IPrincipal): string | undefined {
  const [arn] = [policyFragment.principalJson.AWS].flat();
  // A partition is a reference.
  const account = principalAccount ?? /^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(arn)?.[1];
  return Token.isUnresolved(account) ? undefined : account;
}

function textOr(otherwise: string, text: string | undefined): string {
  return text === undefined || Token.isUnresolved(text) ? otherwise : text;
}
