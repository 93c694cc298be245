import {
  App,
  BootstraplessSynthesizer,
  CliCredentialsStackSynthesizer,
  DefaultStackSynthesizer,
  LegacyStackSynthesizer,
  NestedStack,
  Stack,
  type StackProps,
} from 'aws-cdk-lib/core';
import { deploymentRoleArn } from '../../../src/resource-policy/private/principal-arns';

const ENV = { account: '111111111111', region: 'us-east-1' };
const BOOTSTRAPPED = 'arn:${AWS::Partition}:iam::111111111111:role/cdk-hnb659fds-cfn-exec-role-111111111111-us-east-1';

function roleOf(props: StackProps): unknown {
  const stack = new Stack(new App(), 'Stack', props);
  return stack.resolve(deploymentRoleArn(stack));
}

describe('deploymentRoleArn', () => {
  test.each<[string, StackProps, unknown]>([
    ['the bootstrapped role', { env: ENV }, { 'Fn::Sub': BOOTSTRAPPED }],
    ['the bootstrapped role of an unknown environment', {},
      {
        'Fn::Sub':
          'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-hnb659fds-cfn-exec-role-${AWS::AccountId}-${AWS::Region}',
      }],
    [
      'the role of a synthesizer',
      {
        env: ENV,
        synthesizer: new DefaultStackSynthesizer({ cloudFormationExecutionRole: 'arn:aws:iam::111111111111:role/deploy' }),
      },
      'arn:aws:iam::111111111111:role/deploy',
    ],
    [
      'the role of a stack without bootstrapping',
      {
        env: ENV,
        synthesizer: new BootstraplessSynthesizer({ cloudFormationExecutionRoleArn: 'arn:aws:iam::111111111111:role/deploy' }),
      },
      'arn:aws:iam::111111111111:role/deploy',
    ],
    ['nothing for whoever deploys', { synthesizer: new CliCredentialsStackSynthesizer() }, undefined],
    ['nothing for the old synthesizer', { synthesizer: new LegacyStackSynthesizer() }, undefined],
  ])('is %s', (_, props, expected) => {
    expect(roleOf(props)).toEqual(expected);
  });

  test('is that of the top-level stack for a nested stack', () => {
    const stack = new Stack(new App(), 'Stack', { env: ENV });
    expect(stack.resolve(deploymentRoleArn(new NestedStack(stack, 'Nested')))).toEqual({ 'Fn::Sub': BOOTSTRAPPED });
  });
});
