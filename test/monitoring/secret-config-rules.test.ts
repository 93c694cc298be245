import { Template } from 'aws-cdk-lib/assertions';
import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib/core';
import { ConflictError, ValidationError } from '../../src/core/errors';
import { SecretConfigRules, type SecretConfigRulesProps } from '../../src/monitoring/secret-config-rules';

const RULE = 'AWS::Config::ConfigRule';

/** Rules of a template by identifier: parameters and scope. */
function rulesOf(stack: Stack): Record<string, unknown> {
  const rules = Object.values(Template.fromStack(stack).findResources(RULE)).map(
    ({ Properties: { Source, InputParameters, Scope } }) => [Source.SourceIdentifier, { InputParameters, Scope }],
  );
  return Object.fromEntries(rules);
}

describe('SecretConfigRules', () => {
  const newStack = (region?: string) =>
    new Stack(new App(), 'Stack', { env: region ? { account: '111111111111', region } : undefined });
  const secrets = { ComplianceResourceTypes: ['AWS::SecretsManager::Secret'] };

  test('are the five rules of Secrets Manager and two about keys; only those that changes trigger have a scope', () => {
    const stack = newStack();
    const { rules } = new SecretConfigRules(stack, 'Rules');
    expect(rulesOf(stack)).toEqual({
      SECRETSMANAGER_ROTATION_ENABLED_CHECK: { Scope: secrets },
      SECRETSMANAGER_SCHEDULED_ROTATION_SUCCESS_CHECK: { Scope: secrets },
      SECRETSMANAGER_USING_CMK: { Scope: secrets },
      SECRETSMANAGER_SECRET_PERIODIC_ROTATION: { InputParameters: { maxDaysSinceRotation: 90 } },
      SECRETSMANAGER_SECRET_UNUSED: { InputParameters: { unusedForDays: 90 } },
      CMK_BACKING_KEY_ROTATION_ENABLED: {},
      KMS_CMK_NOT_SCHEDULED_FOR_DELETION: {},
    });
    expect(rules).toHaveLength(7);
  });

  test('make no recorder, no delivery channel, nothing but rules', () => {
    const stack = newStack();
    new SecretConfigRules(stack, 'Rules');
    const types = Object.values(Template.fromStack(stack).toJSON().Resources)
      .map((resource) => (resource as { Type: string }).Type);
    expect(new Set(types)).toEqual(new Set([RULE]));
  });

  test('take their limits in days', () => {
    const stack = newStack();
    new SecretConfigRules(stack, 'Rules', {
      maximumAllowedRotationFrequency: Duration.days(31),
      maximumTimeSinceRotation: Duration.days(45),
      unusedFor: Duration.hours(48),
    });
    expect(rulesOf(stack)).toMatchObject({
      SECRETSMANAGER_ROTATION_ENABLED_CHECK: { InputParameters: { maximumAllowedRotationFrequency: 31 } },
      SECRETSMANAGER_SECRET_PERIODIC_ROTATION: { InputParameters: { maxDaysSinceRotation: 45 } },
      SECRETSMANAGER_SECRET_UNUSED: { InputParameters: { unusedForDays: 2 } },
    });
  });

  test('a token for a number of days passes', () => {
    const stack = newStack();
    const days = new CfnParameter(stack, 'Days', { type: 'Number' });
    new SecretConfigRules(stack, 'Rules', { unusedFor: Duration.days(days.valueAsNumber) });
    Template.fromStack(stack).hasResourceProperties(RULE, { InputParameters: { unusedForDays: { Ref: 'Days' } } });
  });

  test.each(['eu-south-1', 'ap-east-2', 'ap-southeast-6'])(
    'leave out in %s the rule that AWS Config does not have there',
    (region) => {
      const stack = newStack(region);
      expect(new SecretConfigRules(stack, 'Rules').rules).toHaveLength(6);
      expect(rulesOf(stack)).not.toHaveProperty('KMS_CMK_NOT_SCHEDULED_FOR_DELETION');
    },
  );

  test.each(['eu-west-1', 'cn-north-1', 'us-gov-west-1'])('are whole in %s', (region) => {
    const stack = newStack(region);
    new SecretConfigRules(stack, 'Rules');
    Template.fromStack(stack).resourceCountIs(RULE, 7);
  });

  test('keep their logical ids', () => {
    const stack = newStack();
    new SecretConfigRules(stack, 'Rules');
    expect(Object.keys(Template.fromStack(stack).findResources(RULE))).toEqual([
      'RulesRotationEnabled3D4CC591',
      'RulesRotationSuccess4DD4DDD2',
      'RulesUsingCmk903CD0F7',
      'RulesPeriodicRotationDC56087B',
      'RulesUnusedFB1A94F6',
      'RulesKeyRotation91F6C03F',
      'RulesKeyDeletion954F9472',
    ]);
  });

  test('a second set for the same account and Region is refused', () => {
    const app = new App();
    const env = { account: '111111111111', region: 'eu-west-1' };
    new SecretConfigRules(new Stack(app, 'One', { env }), 'Rules');
    const again = () => new SecretConfigRules(new Stack(app, 'Two', { env }), 'Rules');
    expect(again).toThrow("[Two/Rules] 'One/Rules' already is the set of Config rules for secrets of this account and Region; "
      + 'keep one SecretConfigRules: its rules see every secret there');
    expect(() => new SecretConfigRules(new Stack(app, 'Three', { env }), 'Rules')).toThrow(ConflictError);
    expect(() => new SecretConfigRules(new Stack(app, 'Four', { env: { ...env, region: 'eu-west-2' } }), 'Rules')).not.toThrow();
  });

  const refused: [keyof SecretConfigRulesProps, Duration, string, number][] = [
    ['maximumAllowedRotationFrequency', Duration.days(0), '0', 365],
    ['maximumAllowedRotationFrequency', Duration.days(366), '366', 365],
    ['maximumAllowedRotationFrequency', Duration.hours(12), '0.5', 365],
    ['maximumTimeSinceRotation', Duration.days(0), '0', 180],
    ['maximumTimeSinceRotation', Duration.days(181), '181', 180],
    ['unusedFor', Duration.hours(36), '1.5', 365],
    ['unusedFor', Duration.days(366), '366', 365],
  ];

  test.each(refused)('refuse %s of %s', (property, duration, got, maximum) => {
    const create = () => new SecretConfigRules(newStack(), 'Rules', { [property]: duration });
    expect(create).toThrow(ValidationError);
    expect(create).toThrow(`[Stack/Rules] \`${property}\` is ${got}, allowed: a whole number from 1 to ${maximum} days; give it `
      + 'in days: Duration.days(n)');
  });
});
