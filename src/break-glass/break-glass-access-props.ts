import type { IManagedPolicy, IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Duration } from 'aws-cdk-lib/core';

/**
 * Properties of {@link BreakGlassAccess}.
 */
export interface BreakGlassAccessProps {
  /**
   * The users who may take the role, by name: IAM users, of this account or others, at least one. Only users have an MFA device
   * that AWS STS can ask for: sessions of roles, such as those of AWS IAM Identity Center, never pass.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
   */
  readonly principals: IPrincipal[];

  /**
   * Topic that is notified of each read, and where a secret could not be rotated after one. A standard topic of the same Region.
   */
  readonly topic: ITopic;

  /**
   * How long a session lasts: 1 to 12 hours. A secret that was read is rotated once that time has passed.
   *
   * @default Duration.hours(1)
   */
  readonly sessionDuration?: Duration;

  /**
   * How long ago the MFA device may have been used when the role is taken: 1 minute to 1 hour.
   *
   * @default Duration.minutes(5)
   */
  readonly maximumMfaAge?: Duration;

  /**
   * Name of the role, for guard rails of other stacks: 1 to 64 letters, digits and _+=,.@-.
   *
   * @default - made by CloudFormation
   */
  readonly roleName?: string;

  /**
   * Permissions boundary of the roles that are made: that of the readers, and those that rotate after a read.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: IManagedPolicy;
}
