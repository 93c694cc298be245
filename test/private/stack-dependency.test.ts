import { App, Stack } from 'aws-cdk-lib/core';
import { deployAfter } from '../../src/private/stack-dependency';

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
