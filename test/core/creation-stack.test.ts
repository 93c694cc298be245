import { basename } from 'node:path';
import { CfnElement, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { HardenedSecret, Rotation } from '../../src';
import { testApp } from '../support/scenario';

const CREATION_STACK = 'aws:cdk:creationStack';
const CONTEXT = 'aws:cdk:disable-creation-stack-traces';
const HOST_STACK = Symbol.for('jsii.context.hostStackTrace');
const HERE = basename(__filename);

/** Of whichever version of the AWS CDK: the oldest makes no such notes. */
function stackWithNote(context?: Record<string, unknown>): Stack {
  const app = testApp();
  Object.entries(context ?? {}).forEach(([name, value]) => app.node.setContext(name, value));
  const stack = new Stack(app, 'Stack');
  if (notesOf(stack).length === 0 && !context?.[CONTEXT]) {
    stack.node.addMetadata(CREATION_STACK, ['the stack']);
  }
  return stack;
}

const notesOf = ({ node }: IConstruct): string[][] =>
  node.metadata.filter(({ type }) => type === CREATION_STACK).map(({ data }) => data as string[]);
const resourcesOf = (construct: IConstruct) => construct.node.findAll().filter((each) => CfnElement.isCfnElement(each));
const notesBelow = (construct: IConstruct) => resourcesOf(construct).flatMap(notesOf);

test('each resource of a secret has one note, of the line of the app that made the secret', () => {
  const secret = new HardenedSecret(stackWithNote(), 'Secret', { rotation: Rotation.regenerate() });
  const notes = notesBelow(secret);
  expect(notes).toHaveLength(resourcesOf(secret).length);
  expect(notes.length).toBeGreaterThanOrEqual(4);
  expect(notes).toEqual(notes.map(() => notes[0]));
  expect(notes[0][0]).toMatch(new RegExp(`^Object\\.<anonymous> \\(.*${HERE}:\\d+:\\d+\\)$`));
  expect(notes[0].filter((call) => /node_modules|node:|hardened-secret\.ts/.test(call))).toEqual([]);
});

test('a call that has no name is written as the AWS CDK does', () => {
  const stack = stackWithNote();
  const [secret] = ['Secret'].map((id) => new HardenedSecret(stack, id));
  expect(notesBelow(secret)[0][0]).toMatch(new RegExp(`^<anonymous> \\(/.*${HERE}:\\d+:\\d+\\)$`));
});

test('what is added to a secret later was made where it was added', () => {
  const secret = new HardenedSecret(stackWithNote(), 'Secret');
  const [before] = notesBelow(secret);
  secret.addRotation(Rotation.regenerate());
  const [note, ...others] = notesOf(secret.node.findChild('RotationSchedule'));
  expect(others).toEqual([]);
  expect(note[0]).toMatch(HERE);
  expect(note).not.toEqual(before);
});

test('the stack of calls is looked at once for a secret more', () => {
  const stack = stackWithNote();
  const make = (id: string) => new HardenedSecret(stack, id, { rotation: Rotation.regenerate() });
  make('First');
  const captured = jest.spyOn(Error, 'captureStackTrace');
  make('Second');
  const { length } = captured.mock.calls;
  captured.mockRestore();
  expect(length).toBe(1);
});

test('nothing is noted where the app wants no notes', () => {
  const secret = new HardenedSecret(stackWithNote({ [CONTEXT]: true }), 'Secret');
  expect(notesBelow(secret)).toEqual([]);
});

test('a version of the AWS CDK that makes no notes is left alone', () => {
  const stack = stackWithNote();
  jest.spyOn(stack.node, 'metadata', 'get').mockReturnValue([]);
  const secret = new HardenedSecret(stack, 'Secret');
  expect(secret.node.tryGetContext(CONTEXT)).toBeUndefined();
});

test('where another language calls, the AWS CDK notes its calls', () => {
  const stack = stackWithNote();
  Object.assign(globalThis, { [HOST_STACK]: [] });
  const secret = new HardenedSecret(stack, 'Secret');
  Reflect.deleteProperty(globalThis, HOST_STACK);
  expect(secret.node.tryGetContext(CONTEXT)).toBeUndefined();
});
