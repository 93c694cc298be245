import { CfnRole, CfnUser, type IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Fn, Stack, Token } from 'aws-cdk-lib/core';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct, type IConstruct } from 'constructs';
import { identityArn } from '../../core/arn';
import { ConflictError, ValidationError } from '../../core/errors';
import { topLevelStack } from '../../core/stack-order';

/**
 * ARN of the role with which CloudFormation deploys the stack of a construct.
 *
 * Undefined where the synthesizer names none: CloudFormation then acts for whoever deploys, who is not known at synthesis.
 */
export function deploymentRoleArn(scope: IConstruct): string | undefined {
  const synthesizer = topLevelStack(scope).synthesizer as { cloudFormationExecutionRoleArn?: string };
  const arn = synthesizer.cloudFormationExecutionRoleArn;
  // The synthesizers write account, Region and partition as placeholders of the cloud assembly.
  return arn?.includes('${AWS::') ? Fn.sub(arn) : arn;
}

/** A principal as it was given to a property. */
export interface GivenPrincipal {
  readonly scope: IConstruct;
  readonly property: string;
  readonly principal: IPrincipal;
}

/** What `aws:PrincipalArn` is in requests of a principal: only roles and users have one value, their ARN. */
export function principalArns(given: GivenPrincipal): string[] {
  const { scope, property, principal } = given;
  const { principalJson, conditions } = principal.policyFragment;
  const arns = ([] as string[]).concat(principalJson.AWS ?? []);
  // A group is never who asks, whatever its ARN looks like.
  const isPlain = !('groupArn' in principal) && Object.keys(principalJson).join() === 'AWS'
    && Object.keys(conditions).length === 0;
  if (!isPlain || !(Construct.isConstruct(principal) || arns.every((arn) => isRoleOrUser(scope, arn)))) {
    throw new ValidationError({
      scope,
      property,
      got: String(principal),
      allowed: 'roles and users, each with one ARN',
      remedy: 'name the roles themselves, not an account, a service or everybody',
    });
  }
  arns.forEach((arn) => requirePartition(given, arn));
  return arns.map((arn) =>
    Construct.isConstruct(principal) && Token.isUnresolved(arn) ? arnAcrossStacks(given, principal, arn) : arn,
  );
}

/** The same where AWS compares names with nothing else, and takes no pattern. */
export function exactPrincipalArns(given: GivenPrincipal): string[] {
  const arns = principalArns(given);
  if (arns.some((arn) => !Token.isUnresolved(arn) && /[*?]/.test(arn))) {
    throw new ValidationError({
      scope: given.scope,
      property: given.property,
      got: String(given.principal),
      allowed: 'whole names: here AWS takes no pattern',
      remedy: 'name each by its own ARN',
    });
  }
  return arns;
}

/** Readers depend on the secret: a reference back to a reader of another stack would close a cycle, its name does not. */
function arnAcrossStacks({ scope, property }: GivenPrincipal, principal: IConstruct, arn: string): string {
  if (topLevelStack(principal) === topLevelStack(scope)) {
    return arn;
  }
  const resource = principal.node.defaultChild;
  const isUser = resource instanceof CfnUser;
  const name = isUser ? resource.userName : resource instanceof CfnRole ? resource.roleName : undefined;
  const kind = isUser ? 'user' : 'role';
  if (name === undefined || Token.isUnresolved(name)) {
    throw new ConflictError(
      scope,
      `\`${property}\` '${principal.node.path}' is in another stack, and this one would depend on it`,
      `give the ${kind} a \`${kind}Name\`, or name it by its ARN: new ArnPrincipal(arn)`,
    );
  }
  return identityArn(principal, kind, name, (resource as CfnRole | CfnUser).path);
}

/** Refuses names of another partition: to AWS they are nobody, and a policy with them cannot be deployed. */
function requirePartition({ scope, property, principal }: GivenPrincipal, arn: string): void {
  const { region } = Stack.of(scope);
  const own = Token.isUnresolved(region) ? undefined : RegionInfo.get(region).partition;
  const [, partition] = arn.split(':');
  if (own !== undefined && !Token.isUnresolved(arn) && partition !== own) {
    throw new ValidationError({
      scope,
      property,
      got: String(principal),
      allowed: `roles and users of the partition '${own}', in which ${region} is`,
      remedy: 'name who is known there: identities of other partitions cannot be let in',
    });
  }
}

function isRoleOrUser(scope: IConstruct, arn: string): boolean {
  // An account stands for itself as the ARN of its root, which only resolution shows.
  return Token.isUnresolved(arn)
    ? !JSON.stringify(Stack.of(scope).resolve(arn)).includes(':root')
    : /^arn:[\w-]+:iam::\d{12}:(role|user)\/\S+$/.test(arn);
}
