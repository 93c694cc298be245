import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import { rotationFunctionOf, setRotationFunction } from '../../src/private/rotation-registry';

describe('rotation registry', () => {
  const stack = new Stack();
  const rotationFunction = LambdaFunction.fromFunctionName(stack, 'Function', 'rotate');

  test('finds the function that was noted for a secret', () => {
    const secret = new Secret(stack, 'Secret');
    setRotationFunction(secret, rotationFunction);
    expect(rotationFunctionOf(secret)).toBe(rotationFunction);
  });

  test('keeps secrets apart', () => {
    setRotationFunction(new Secret(stack, 'Rotated'), rotationFunction);
    expect(rotationFunctionOf(new Secret(stack, 'Other'))).toBeUndefined();
  });
});
