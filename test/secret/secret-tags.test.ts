import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type App, Duration, NestedStack, Stack, Tags } from 'aws-cdk-lib/core';
import { HardenedSecret, Rotation, SecretContent, SecretHardening, SecretsPlatform } from '../../src';
import { messageOf, testApp } from '../support/scenario';

const MARK = 'cdk-secretsmanager-patterns:rotation';
const rotation = Rotation.regenerate();

let app: App;
let stack: Stack;
beforeEach(() => {
  app = testApp();
  stack = new Stack(app, 'Stack');
});

const synthesis = () => messageOf(() => {
  app.synth();
  throw new Error('accepted');
});
const handlerIn = (scope: Stack, props = {}) => new LambdaFunction(scope, 'Handler', {
  runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('0'), timeout: Duration.minutes(1), ...props,
});

describe('more tags than Secrets Manager takes', () => {
  const tagsOf = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, 'value']));
  const add = (scope: App | Stack, count: number) =>
    Object.entries(tagsOf(count)).forEach(([name, value]) => Tags.of(scope).add(name, value));

  test.each<[string, number, (count: number) => void]>([
    ['of the app, beside the mark of its rotation', 50, (count) => {
      new HardenedSecret(stack, 'Secret', { rotation });
      add(app, count - 1);
    }],
    ['of the app', 50, (count) => {
      new HardenedSecret(stack, 'Secret', { rotation: Rotation.none('test') });
      add(app, count);
    }],
    ['of its stack', 50, (count) => {
      new HardenedSecret(new Stack(app, 'Tagged', { tags: tagsOf(count) }), 'Secret', { rotation: Rotation.none('test') });
    }],
    ['of the stack around its own', 50, (count) => {
      new HardenedSecret(new NestedStack(new Stack(app, 'Tagged', { tags: tagsOf(count) }), 'Nested'), 'Secret', {
        rotation: Rotation.none('test'),
      });
    }],
    ['of a secret that is hardened', 50, (count) => {
      SecretHardening.fromSecret(new Secret(stack, 'Secret'), { content: SecretContent.generated() }).addRotation(rotation);
      add(stack, count - 1);
    }],
    ['by an override', 50, (count) => {
      const { cfnSecret } = new HardenedSecret(stack, 'Secret', { rotation: Rotation.none('test') });
      cfnSecret.addPropertyOverride('Tags', Object.entries(tagsOf(count)).map(([Key, Value]) => ({ Key, Value })));
    }],
  ])('are refused: %s', (_, most, tag) => {
    tag(most);
    expect(synthesis()).toBe('accepted');
    app = testApp();
    stack = new Stack(app, 'Stack');
    tag(most + 1);
    expect(synthesis()).toContain(`the secret has ${most + 1} tags, allowed: at most 50, with those of Tags.of(), of its stack and of `
      + 'this library; give it fewer, or leave it out of some with `excludeResourceTypes`');
  });
});

describe('the mark of a rotation', () => {
  const TAKE_AWAY: Record<string, (secret: HardenedSecret) => void> = {
    'Tags.of(app).remove()': () => Tags.of(app).remove(MARK),
    'Tags.of(secret).remove()': (secret) => Tags.of(secret).remove(MARK),
    'a list of its own': ({ cfnSecret }) => cfnSecret.addPropertyOverride('Tags', [{ Key: 'team', Value: 'orders' }]),
    'a deletion': ({ cfnSecret }) => cfnSecret.addPropertyDeletionOverride('Tags'),
  };
  const refusal = `the secret lacks the tag '${MARK}', which something in the app takes away, and the function that rotates it acts `
    + 'on no secret without it; leave it the tag';

  test.each(Object.keys(TAKE_AWAY))('cannot be taken away by %s', (how) => {
    TAKE_AWAY[how](new HardenedSecret(stack, 'Secret', { rotation }));
    expect(synthesis()).toContain(`[Stack/Secret] ${refusal}`);
  });

  test('cannot be taken away where the platform or the function is in another stack', () => {
    const platform = new SecretsPlatform(new Stack(app, 'Platform'), 'Platform');
    const handler = handlerIn(new Stack(app, 'Functions'), { functionName: 'rotate' });
    new HardenedSecret(stack, 'Ours', { platform, secretName: 'ours', rotation });
    new HardenedSecret(stack, 'Theirs', { platform, secretName: 'theirs', rotation: Rotation.steps({ handler }) });
    Tags.of(app).remove(MARK);
    expect(synthesis().split(refusal)).toHaveLength(3);
  });

  test.each<[string, (secret: HardenedSecret) => void]>([
    ['has another value', () => Tags.of(app).add(MARK, 'other', { priority: 500 })],
    ['is in a list of its own', ({ cfnSecret }) => cfnSecret.addPropertyOverride('Tags', [{ Key: MARK, Value: 'on' }])],
    ['is where only the deployment knows', ({ cfnSecret }) => cfnSecret.addPropertyOverride('Tags', { 'Fn::If': ['A', [], []] })],
  ])('may be one that %s', (_, change) => {
    change(new HardenedSecret(stack, 'Secret', { rotation }));
    expect(synthesis()).toBe('accepted');
  });

  test('is not needed where code of the user\'s own rotates', () => {
    new HardenedSecret(stack, 'Secret', { rotation: Rotation.custom({ handler: handlerIn(stack) }) });
    Tags.of(app).remove(MARK);
    expect(synthesis()).toBe('accepted');
  });
});
