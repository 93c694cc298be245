import { type IRule, ManagedRule, ManagedRuleIdentifiers, ResourceType, RuleScope } from 'aws-cdk-lib/aws-config';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { claimOnce } from '../core/once';
import { requireArguments } from '../core/require-shape';
import { requireInteger } from '../core/validate';

/** Regions that AWS Config's documentation leaves out for KMS_CMK_NOT_SCHEDULED_FOR_DELETION: Milan, Taipei, New Zealand. */
const WITHOUT_DELETION_RULE = ['eu-south-1', 'ap-east-2', 'ap-southeast-6'];

/**
 * Properties of {@link SecretConfigRules}.
 */
export interface SecretConfigRulesProps {
  /**
   * Longest interval that a secret's rotation schedule may have: 1 to 365 whole days.
   *
   * @default - any schedule complies
   */
  readonly maximumAllowedRotationFrequency?: Duration;

  /**
   * Longest time since a secret was last rotated: 1 to 180 whole days.
   *
   * @default Duration.days(90)
   */
  readonly maximumTimeSinceRotation?: Duration;

  /**
   * How long nobody may have read a secret before it counts as unused: 1 to 365 whole days.
   *
   * @default Duration.days(90)
   */
  readonly unusedFor?: Duration;
}

/**
 * The AWS Config rules about secrets and their keys: one set for all secrets of an account and Region, whoever made them.
 *
 * For secrets: rotation enabled, rotation succeeded on schedule (results can be two days late), rotated within a time, in use,
 * encrypted with a customer managed key (a key of another account does not comply). For keys: rotation of the key material on,
 * and not scheduled for deletion; that last rule is left out in Milan, Taipei and New Zealand, where AWS Config does not have it.
 *
 * There must be a configuration recorder that records `AWS::SecretsManager::Secret` and `AWS::KMS::Key`, otherwise the deployment
 * fails: an account has one in each Region, so none is made here, nor a delivery channel. AWS charges for each evaluation of a
 * rule; nothing while nothing is evaluated.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/configuring-awsconfig-rules.html
 *
 * @example
 * import { SecretConfigRules } from 'cdk-secretsmanager-patterns';
 *
 * new SecretConfigRules(this, 'Rules');
 */
export class SecretConfigRules extends Construct {
  /**
   * The rules, for example to be notified when a resource stops complying: `rule.onComplianceChange(…)`.
   *
   * @see https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config.html
   */
  readonly rules: IRule[];

  /**
   * Makes the rules.
   *
   * @throws where the app has another set for the same account and Region, or a number of days is out of range.
   */
  constructor(scope: Construct, id: string, props: SecretConfigRulesProps = {}) {
    super(scope, id);
    requireArguments(this, 'SecretConfigRules', [scope, id, props]);
    claimOnce(this, {
      what: 'set of Config rules for secrets',
      extent: 'account and Region',
      remedy: 'keep one SecretConfigRules: its rules see every secret there',
    });
    const frequency =
      props.maximumAllowedRotationFrequency
      && this.days('maximumAllowedRotationFrequency', props.maximumAllowedRotationFrequency, 365);
    const sinceRotation = this.days('maximumTimeSinceRotation', props.maximumTimeSinceRotation ?? Duration.days(90), 180);
    const unused = this.days('unusedFor', props.unusedFor ?? Duration.days(90), 365);

    const { SECRETS_MANAGER_SECRET } = ResourceType;
    this.rules = [
      this.rule('RotationEnabled', ManagedRuleIdentifiers.SECRETSMANAGER_ROTATION_ENABLED_CHECK, SECRETS_MANAGER_SECRET,
        frequency === undefined ? undefined : { maximumAllowedRotationFrequency: frequency }),
      this.rule(
        'RotationSuccess',
        ManagedRuleIdentifiers.SECRETSMANAGER_SCHEDULED_ROTATION_SUCCESS_CHECK,
        SECRETS_MANAGER_SECRET,
      ),
      this.rule('UsingCmk', ManagedRuleIdentifiers.SECRETSMANAGER_USING_CMK, SECRETS_MANAGER_SECRET),
      // The rules below run every day and take no scope.
      this.rule('PeriodicRotation', ManagedRuleIdentifiers.SECRETSMANAGER_SECRET_PERIODIC_ROTATION, undefined, {
        maxDaysSinceRotation: sinceRotation,
      }),
      this.rule('Unused', ManagedRuleIdentifiers.SECRETSMANAGER_SECRET_UNUSED, undefined, { unusedForDays: unused }),
      this.rule('KeyRotation', ManagedRuleIdentifiers.CMK_BACKING_KEY_ROTATION_ENABLED),
    ];
    if (!WITHOUT_DELETION_RULE.includes(Stack.of(this).region)) {
      this.rules.push(this.rule('KeyDeletion', ManagedRuleIdentifiers.KMS_CMK_NOT_SCHEDULED_FOR_DELETION));
    }
  }

  private rule(id: string, identifier: string, resourceType?: ResourceType, inputParameters?: Record<string, number>): IRule {
    return new ManagedRule(this, id, {
      identifier,
      inputParameters,
      ruleScope: resourceType && RuleScope.fromResource(resourceType),
    });
  }

  private days(property: string, duration: Duration, maximum: number): number {
    const days = duration.toDays({ integral: false });
    requireInteger({ scope: this, property, remedy: 'give it in days: Duration.days(n)' }, days, 1, maximum, 'days');
    return days;
  }
}
