import { CfnElement, Stack } from 'aws-cdk-lib/core';
import type { Construct, IConstruct } from 'constructs';

/** What the AWS CDK calls the record of where a resource was made, and the context without which it makes none. */
const CREATION_STACK = 'aws:cdk:creationStack';
const WITHOUT_CREATION_STACKS = 'aws:cdk:disable-creation-stack-traces';
/** Where jsii has what another language called: the AWS CDK appends it. */
const HOST_STACK = Symbol.for('jsii.context.hostStackTrace');
const NOT_OF_THE_APP = /[\\/]node_modules[\\/]|[( ]node:/;

/** Notes where the resources below a construct were made that have no such note yet: where a function was called. */
export type CreationRecorder = (calledFrom: Function) => void;

/**
 * Looks once for where the resources of a construct are made, and not for each of them: the AWS CDK does, and that takes as long
 * as all the rest of making one. `--debug` has it do so all the same.
 *
 * For the beginning of a constructor.
 */
export function recordCreationOnce(construct: Construct): CreationRecorder {
  if (!recordsCreation(construct) || HOST_STACK in globalThis) {
    return () => {};
  }
  construct.node.setContext(WITHOUT_CREATION_STACKS, true);
  return (calledFrom) => {
    const stack = stackBelow(calledFrom);
    construct.node.findAll()
      .filter((each) => CfnElement.isCfnElement(each) && !hasCreationStack(each))
      .forEach(({ node }) => node.addMetadata(CREATION_STACK, stack));
  };
}

/** Whether the AWS CDK of the app records it: the stack has such a note, or an older version makes none. */
function recordsCreation(construct: IConstruct): boolean {
  return hasCreationStack(Stack.of(construct)) && !construct.node.tryGetContext(WITHOUT_CREATION_STACKS);
}

function hasCreationStack({ node }: IConstruct): boolean {
  return node.metadata.some(({ type }) => type === CREATION_STACK);
}

/** The calls of the app, as the AWS CDK writes them. */
function stackBelow(calledFrom: Function): string[] {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, calledFrom);
  return holder.stack!.split('\n').slice(1)
    .filter((line) => !NOT_OF_THE_APP.test(line))
    .map((line) => line.replace(/^ *at /, ''))
    .map((call) => call.endsWith(')') ? call : `<anonymous> (${call})`);
}
