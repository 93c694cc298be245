import { type IRole, PrincipalWithConditions, Role } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { BreakGlassAccessProps } from './break-glass-access-props';
import { namedUsers } from './private/named-users';
import { RotationAfterUse } from './private/rotation-after-use';
import { secretArn } from '../core/arn';
import { requireInEnvironment } from '../core/in-environment';
import { requireSecret } from '../core/require-secret';
import { requireArguments } from '../core/require-shape';
import { requireDuration, requireText } from '../core/validate';
import { SecretRecord } from '../secret/private/secret-record';
import { SecretGrants } from '../secret/secret-grants';

const ROLE_NAME = {
  minimum: 1, maximum: 64, pattern: /^[\w+=,.@-]+$/, allowed: '1 to 64 letters, digits and _+=,.@-',
};
const HOUR = 3600;

/**
 * A way in for an emergency: a role that reads secrets, for named users with an MFA device, for a short time and not unseen.
 *
 * Each read notifies a topic, and the secret is rotated once the session must be over, unless it was rotated since. Where the
 * former value works on, a second rotation follows an hour later; a former access key works on for the time of its rotation. Both
 * need a trail that logs management events, reads included, in the Region: without one nobody is notified and nothing is rotated.
 *
 * A read that the topic or the rotation could not be notified of is in a queue for two weeks, with an alarm. Another alarm
 * tells of a rotation that failed. The two cost 0.20 USD a month, and nothing else does while nobody uses it.
 *
 * @see https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_permissions_emergency_process.html
 *
 * @example
 * import { BreakGlassAccess } from 'cdk-secretsmanager-patterns';
 *
 * const breakGlass = new BreakGlassAccess(this, 'BreakGlass', {
 *   principals: [new iam.ArnPrincipal('arn:aws:iam::111111111111:user/alice')],
 *   topic,
 * });
 * breakGlass.addSecret(secret.secret);
 */
export class BreakGlassAccess extends Construct {
  /**
   * The role. Guard rails have to let it in: `GuardRail.onlyReaders([application, breakGlass.role])`.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html
   */
  readonly role: IRole;

  private readonly rotation: RotationAfterUse;
  private readonly secrets = new Set<ISecret>();

  /**
   * Makes the role, the rule on its reads, and the state machine that rotates after them.
   *
   * @throws without principals, for more than a trust policy takes, for principals that are not users, and for times out of
   *   range.
   */
  constructor(scope: Construct, id: string, props: BreakGlassAccessProps) {
    super(scope, id);
    requireArguments(this, 'BreakGlassAccess', [scope, id, props]);
    const { sessionDuration = Duration.hours(1), maximumMfaAge = Duration.minutes(5), topic, permissionsBoundary } = props;
    const input = (property: string) => ({ scope: this, property, remedy: 'choose another one' });
    requireDuration(input('sessionDuration'), sessionDuration, HOUR, 12 * HOUR);
    requireDuration(input('maximumMfaAge'), maximumMfaAge, 60, HOUR);
    requireText(input('roleName'), props.roleName, ROLE_NAME);
    this.role = new Role(this, 'Role', {
      roleName: props.roleName,
      description: 'Reads secrets in an emergency: each use is reported, and the secret rotated after it',
      maxSessionDuration: sessionDuration,
      permissionsBoundary,
      assumedBy: new PrincipalWithConditions(namedUsers(this, props.principals), {
        Bool: { 'aws:MultiFactorAuthPresent': 'true' },
        NumericLessThanEquals: { 'aws:MultiFactorAuthAge': `${maximumMfaAge.toSeconds()}` },
        // CloudTrail then names the user in each request of the session.
        StringLike: { 'sts:RoleSessionName': '${aws:username}' },
      }),
    });
    this.rotation = new RotationAfterUse(this, 'RotationAfterUse', {
      role: this.role, topic, sessionDuration, permissionsBoundary, rotatedTwice: () => this.rotatedTwice(),
    });
  }

  /**
   * Lets the role read a secret that rotates.
   *
   * @param secret a secret of the same account and Region that is rotated by a function. A `HardenedSecret` is passed as
   *   `x.secret`.
   * @throws where the secret is in another account or Region, where reads are not seen, and where the grant would have no effect;
   *   at synthesis, where nothing rotates the secret.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access.html
   */
  addSecret(secret: ISecret): void {
    const grants = SecretGrants.fromSecret(requireSecret('BreakGlassAccess.addSecret(secret)', secret));
    const { scope } = SecretRecord.of(secret);
    requireInEnvironment({
      scope: this,
      property: 'addSecret(secret)',
      remedy: 'make a BreakGlassAccess there: reads are reported where the secret is, and it is rotated there',
    }, scope, secret.env, ['account', 'region']);
    grants.read(this.role);
    grants.rotate(this.rotation.role);
    if (this.secrets.has(secret)) {
      return;
    }
    this.secrets.add(secret);
    this.node.addValidation({
      validate: () => SecretRecord.of(secret).rotationFunction ? [] : [
        `nothing rotates the secret '${secret.node.path}', so that it would stay as it was read; give it a rotation, or leave it out`,
      ],
    });
  }

  /** Secrets of which a rotation leaves what was read valid. */
  private rotatedTwice(): string[] {
    return [...this.secrets].map((secret) => SecretRecord.of(secret))
      .filter(({ rotationEffect }) => rotationEffect.nextEndsFormer)
      .map(({ secret, fixedName }) => fixedName === undefined ? secret.secretArn : secretArn(this, `${fixedName}-*`));
  }
}
