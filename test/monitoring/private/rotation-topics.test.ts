import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type App, Stack } from 'aws-cdk-lib/core';
import { HardenedSecret, Rotation, SecretMonitoring, SecretsPlatform } from '../../../src';
import { testApp } from '../../support/scenario';

/** How many event rules each stack has, where secrets of two other stacks have a topic in the stack of their platform. */
function rulesOf(secretNamePrefix?: string, rotation?: (home: Stack) => Rotation): Record<string, number> {
  const app: App = testApp();
  const [home, functions, ...others] = ['Home', 'Functions', 'One', 'Two'].map((id) => new Stack(app, id));
  const platform = new SecretsPlatform(home, 'Secrets', { platformName: 'team', secretNamePrefix });
  const topic = new Topic(home, 'Topic');
  for (const stack of others) {
    new HardenedSecret(stack, 'Token', {
      platform,
      secretName: `prod/${stack.node.id}`,
      monitoring: SecretMonitoring.rotationFailure({ topic }),
      rotation: rotation?.(functions) ?? Rotation.regenerate(),
    });
  }
  return Object.fromEntries([home, functions, ...others].map((stack) =>
    [stack.node.id, Object.keys(Template.fromStack(stack).findResources('AWS::Events::Rule')).length]));
}

const custom = (home: Stack): Rotation => Rotation.custom({
  handler: home.node.tryFindChild('Rotate') as LambdaFunction | undefined ?? new LambdaFunction(home, 'Rotate', {
    functionName: 'rotate', runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline(' '),
  }),
});

test('secrets of other stacks whose names begin alike have one rule, in the stack of their platform', () => {
  expect(rulesOf('prod')).toEqual({ Home: 1, Functions: 0, One: 0, Two: 0 });
});

test('secrets of other stacks whose names are free have a rule for each stack', () => {
  expect(rulesOf()).toEqual({ Home: 0, Functions: 0, One: 1, Two: 1 });
});

test('so have those whose alarm is not in the stack of their platform, whatever their names', () => {
  expect(rulesOf('prod', custom)).toEqual({ Home: 0, Functions: 0, One: 1, Two: 1 });
});
