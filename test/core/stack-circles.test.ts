import { Topic } from 'aws-cdk-lib/aws-sns';
import { App, CfnOutput, NestedStack, Stack } from 'aws-cdk-lib/core';
import { refuseCircle } from '../../src/core/stack-circles';

describe('refuseCircle', () => {
  let app: App;
  let stacks: Stack[];
  let topics: Topic[];

  beforeEach(() => {
    app = new App();
    stacks = ['One', 'Two', 'Three'].map((id) => new Stack(app, id));
    topics = stacks.map((stack) => new Topic(stack, 'Topic'));
  });

  const refer = (from: Stack, to: Topic): CfnOutput => new CfnOutput(from, `To${to.node.addr}`, { value: to.topicArn });

  test('names what needs what where two stacks need each other, and the remedy', () => {
    refuseCircle({ from: topics[0], to: topics[1] }, 'move it');
    refer(stacks[1], topics[0]);
    expect(() => app.synth()).toThrow("[One/Topic] it needs 'Two/Topic' of the stack 'Two', which needs 'One/Topic/Resource' of "
      + "the stack 'One' in turn; move it");
  });

  test('finds a way over a third stack, which may be an order without a reference', () => {
    refuseCircle({ from: topics[0], to: topics[1] }, 'move it');
    refer(stacks[1], topics[2]);
    stacks[2].addDependency(stacks[0]);
    expect(() => app.synth()).toThrow("[One/Topic] it needs 'Two/Topic' of the stack 'Two', which needs 'Three/Topic/Resource' "
      + "of the stack 'Three', which needs this one in turn; move it");
  });

  test('counts what nested stacks refer to', () => {
    refuseCircle({ from: topics[0], to: topics[1] }, 'move it');
    refer(new NestedStack(stacks[1], 'Nested'), topics[0]);
    expect(() => app.synth()).toThrow("which needs 'One/Topic/Resource' of the stack 'One' in turn; move it");
  });

  test('says nothing where the other stacks need each other only', () => {
    refuseCircle({ from: topics[0], to: topics[1] }, 'move it');
    refuseCircle({ from: stacks[0], to: topics[1] }, 'move it');
    refer(stacks[0], topics[1]);
    refer(stacks[1], topics[2]);
    refer(stacks[1], topics[1]);
    new CfnOutput(stacks[1], 'Again', { value: topics[2].topicName });
    expect(app.synth().stacks.map(({ id }) => id)).toEqual(['Three', 'Two', 'One']);
  });

  test('is not misled by two other stacks that need each other', () => {
    refuseCircle({ from: topics[0], to: topics[1] }, 'move it');
    refer(stacks[1], topics[2]);
    refer(stacks[2], topics[1]);
    expect(() => app.synth()).toThrow('cyclic reference');
  });

  test('an imported resource is not of the stack that imports it', () => {
    refuseCircle({ from: topics[0], to: Topic.fromTopicArn(stacks[1], 'Imported', topics[2].topicArn) }, 'move it');
    refer(stacks[1], topics[0]);
    expect(() => app.synth()).not.toThrow();
  });
});
