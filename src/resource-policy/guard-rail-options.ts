import type { IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { ForwardAccessSessions } from './forward-access-sessions';

/**
 * Options for `GuardRail.onlyReaders()`.
 */
export interface OnlyReadersOptions {
  /**
   * Roles and users that deploy the secret's stack: CloudFormation reads the value when it updates the secret.
   *
   * @default - the CloudFormation execution role that the stack's synthesizer names
   */
  readonly deployers?: IPrincipal[];
}

/**
 * Options for `GuardRail.vpcEndpoints()`.
 */
export interface VpcEndpointsOptions {
  /**
   * Roles and users that deploy the secret's stack, such as the CloudFormation role of a pipeline: CloudFormation reads the value
   * when it updates the secret, and uses no endpoint of yours.
   *
   * @default - the CloudFormation execution role that the stack's synthesizer names, if it names one
   */
  readonly deployers?: IPrincipal[];

  /**
   * Whether services of AWS that act for a reader may read.
   *
   * @default ForwardAccessSessions.EXEMPT
   */
  readonly forwardAccessSessions?: ForwardAccessSessions;
}
