import { App, CfnOutput, NestedStack, Stack, Stage } from 'aws-cdk-lib/core';
import { deployAfter, deployAfterIfPossible } from '../../src/core/stack-order';

describe('deployAfter', () => {
  test('orders two stacks, without a warning of the AWS CDK', () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    const app = new App();
    const [later, earlier] = [new Stack(app, 'Later'), new Stack(app, 'Earlier')];
    deployAfter(later, earlier);
    deployAfter(later, earlier);
    expect(later.dependencies).toEqual([earlier]);
    expect(app.synth().stacks.map(({ id }) => id)).toEqual(['Earlier', 'Later']);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  test('uses the name that a newer AWS CDK has for it', () => {
    const app = new App();
    const [later, earlier] = [new Stack(app, 'Later'), new Stack(app, 'Earlier')];
    const addStackDependency = jest.fn();
    deployAfter(Object.assign(later, { addStackDependency }), earlier);
    expect(addStackDependency).toHaveBeenCalledWith(earlier);
    expect(addStackDependency.mock.contexts).toEqual([later]);
  });
});

describe('deployAfterIfPossible', () => {
  const order = (app: App) =>
    app
      .synth()
      .stacks.map(({ id, dependencies }) => [
        id,
        ...dependencies.map((dependency) => dependency.id).filter((name) => !name.endsWith('.assets')),
      ]);

  test('orders the stacks of two constructs, once', () => {
    const app = new App();
    const [later, earlier] = [new Stack(app, 'Later'), new Stack(app, 'Earlier')];
    deployAfterIfPossible(later, earlier);
    deployAfterIfPossible(new NestedStack(later, 'Nested'), earlier);
    expect(later.node.validate()).toEqual([]);
    expect(order(app)).toEqual([['Earlier'], ['Later', 'Earlier']]);
  });

  test.each(['directly', 'through a third'])('gives way where it would close a circle, %s', (how) => {
    const app = new App();
    const [later, earlier, between] = [new Stack(app, 'Later'), new Stack(app, 'Earlier'), new Stack(app, 'Between')];
    deployAfterIfPossible(later, earlier);
    // References become dependencies at synthesis only.
    const refer = (from: Stack, to: Stack) =>
      new CfnOutput(from, `Of${to.node.id}`, { value: new NestedStack(to, `For${from.node.id}`).stackId });
    if (how === 'directly') {
      refer(earlier, later);
      expect(order(app)).toEqual([['Between'], ['Later'], ['Earlier', 'Later']]);
    } else {
      refer(earlier, between);
      refer(between, later);
      expect(order(app)).toEqual([['Later'], ['Between', 'Later'], ['Earlier', 'Between']]);
    }
  });

  test('gives way to what already stands, circles or not', () => {
    const app = new App();
    const [a, b, c] = ['A', 'B', 'C'].map((id) => new Stack(app, id));
    deployAfterIfPossible(a, b);
    deployAfterIfPossible(b, c);
    deployAfterIfPossible(c, a);
    expect(order(app)).toEqual([['C'], ['B', 'C'], ['A', 'B']]);
  });

  test('leaves a stack alone, and stacks of two stages', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    deployAfterIfPossible(new NestedStack(stack, 'Nested'), stack);
    deployAfterIfPossible(stack, new Stack(new Stage(app, 'Stage'), 'Other'));
    expect(order(app)).toEqual([['Stack']]);
  });
});
