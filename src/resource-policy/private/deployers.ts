import type { IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { deploymentRoleArn, principalArns } from './principal-arns';
import { ConflictError } from '../../core/errors';

/** The roles and users that deploy, given to a rail. */
export interface GivenDeployers {
  readonly scope: IConstruct;
  /** The rail as the user wrote it, without what is between its parentheses. */
  readonly rail: string;
  readonly deployers?: IPrincipal[];
}

/** What `aws:PrincipalArn` is where a stack is deployed: who is given, else the role that the synthesizer names, if any. */
export function deployerArns({ scope, rail, deployers }: GivenDeployers): string[] {
  if (deployers) {
    const property = `${rail}({ deployers })`;
    return deployers.flatMap((principal) => principalArns({ scope, property, principal }));
  }
  const role = deploymentRoleArn(scope);
  return role === undefined ? [] : [role];
}

/** The same, where a deployment that nobody could name would be locked out. */
export function requireDeployerArns(given: GivenDeployers): string[] {
  const arns = deployerArns(given);
  if (arns.length === 0) {
    throw new ConflictError(given.scope, `${given.rail}() would lock out the deployment: CloudFormation reads the value when `
      + 'it updates the secret, and '
      + 'the role that deploys is not known', 'name the deploying roles in `deployers`');
  }
  return arns;
}
