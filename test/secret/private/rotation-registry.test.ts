import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import { rotationFunctionOf, setRotationFunction, whenRotated } from '../../../src/secret/private/rotation-registry';

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

  test('tells of the function once, before or after it is noted', () => {
    const secret = new Secret(stack, 'Listened');
    const told: unknown[] = [];
    whenRotated(secret, (found) => told.push(found));
    whenRotated(secret, (found) => told.push(found));
    expect(told).toEqual([]);
    setRotationFunction(secret, rotationFunction);
    setRotationFunction(secret, rotationFunction);
    whenRotated(secret, (found) => told.push(found));
    expect(told).toEqual([rotationFunction.functionArn, rotationFunction.functionArn, rotationFunction.functionArn]);
  });
});
