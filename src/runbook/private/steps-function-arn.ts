import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ConflictError } from '../../core/errors';
import { otherPart } from '../../core/in-environment';
import { literalFunctionArn } from '../../rotation-function/private/literal-function';
import { StepsFunction } from '../../rotation-function/private/steps-function';

/**
 * The ARN by which a runbook knows a function of the user's. It has to be one that was made with the runtime entry: only that
 * goes on with no version that has lost AWSPENDING. Known at synthesis, for the rotation may be added later.
 */
export function arnOfStepsFunction(runbook: IConstruct, handler: LambdaFunction): string {
  const [here, there] = [Stack.of(runbook), Stack.of(handler)];
  if (otherPart(here, there)) {
    throw new ConflictError(runbook, `the function '${handler.node.path}' is in another account or Region`,
      'make a runbook in each account and Region');
  }
  runbook.node.addValidation({
    validate: () => StepsFunction.of(handler) ? [] : [
      `the function '${handler.node.path}' rotates no secret by Rotation.steps(); leave it out: the code of other functions may `
        + 'finish a rotation that was given up',
    ],
  });
  return here === there ? handler.functionArn : literalFunctionArn(handler, { scope: runbook, what: 'runbook' });
}
