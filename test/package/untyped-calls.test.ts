import { readFileSync } from 'node:fs';
import { isNativeError } from 'node:util/types';
import { Stack } from 'aws-cdk-lib/core';
import { type Call, mistakesOf, publicCalls, rightArguments } from './untyped/calls';
import { OWNERS, USES } from './untyped/uses';
import { shapesModules } from '../../scripts/public-shapes';
import * as library from '../../src';
import { ConflictError, ValidationError } from '../../src/core/errors';
import { testApp } from '../support/scenario';

const calls = publicCalls();

/** What a language without types may do: it calls, and uses what it gets. */
function calling(call: Call, argumentsOf: (stack: Stack) => unknown[]): unknown {
  const stack = new Stack(testApp(), 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
  const { type, member } = call;
  const given = argumentsOf(stack);
  const theClass = library[type.name as keyof typeof library] as any;
  try {
    if (!member) {
      return new theClass(...given);
    }
    return member.static
      ? USES[type.name](stack, theClass[member.name](...given), call)
      : (OWNERS[type.name](stack) as any)[member.name](...given);
  } catch (error) {
    return error;
  }
}

const isOurs = (error: unknown) => error instanceof ValidationError || error instanceof ConflictError;

test('there are as many calls as users can make with an argument', () => {
  expect(calls.length).toBeGreaterThan(80);
});

test('what the checks know of the API is what the API is: npx projen compile && npx tsx scripts/write-public-shapes.ts', () => {
  const modules = [...shapesModules()];
  expect(modules).toHaveLength(2);
  expect(modules.map(([file]) => readFileSync(file, 'utf8'))).toEqual(modules.map(([, text]) => text));
});

describe.each(calls.map((call) => [call.name, call] as const))('%s', (_, call) => {
  test('takes what it asks for', () => {
    // Errors of the AWS CDK, which is loaded outside of Jest's context, are of another class.
    const outcome = calling(call, (stack) => rightArguments(call, stack));
    expect(isNativeError(outcome) ? outcome.message : '').toBe('');
  });

  test('says in one line which argument or property is not what it asks for', () => {
    const unlike = mistakesOf(call).flatMap(({ where, names, argumentsOf }) => {
      const got = calling(call, argumentsOf);
      const { message = 'accepted' } = (got ?? {}) as { message?: string };
      const isLine = isOurs(got) && !message.includes('\n') && names.some((name) => new RegExp(`\\b${name}\\b`).test(message));
      return isLine ? [] : [`${where} => ${message}`];
    });
    expect(unlike).toEqual([]);
  });
});
