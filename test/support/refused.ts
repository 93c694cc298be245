import { Stack } from 'aws-cdk-lib/core';
import { messageOf, testApp } from './scenario';

/** Input that is refused, and what the message says of it. */
export interface Refused {
  readonly name: string;
  readonly act: (stack: Stack) => unknown;
  /** Path of the construct, where it is not `Stack/Secret`. */
  readonly path?: string;
  /** The property as the user wrote it. */
  readonly property: string;
  /** The value, as the message quotes it. */
  readonly got: string;
  readonly allowed: string;
  readonly remedy: string;
}

/** Checks each message for path, property, value, what is allowed and what to do. */
export function testRefused(atLeast: number, cases: Refused[]): void {
  test(`there are at least ${atLeast} cases, each with a name of its own`, () => {
    const names = new Set(cases.map(({ name }) => name));
    expect(names.size).toBe(cases.length);
    expect(cases.length).toBeGreaterThanOrEqual(atLeast);
  });

  test.each(cases)('$name ($property) is refused', ({ act, path = 'Stack/Secret', property, got, allowed, remedy }) => {
    const message = messageOf(() =>
      act(new Stack(testApp(), 'Stack', { env: { account: '111111111111', region: 'us-east-1' } })),
    );
    expect(message).toContain(`${path}] \`${property}\` is ${got}`);
    const [before, after] = message.split(', allowed: ');
    expect(before).toMatch(/^\[.*\] `/);
    expect(after).toContain(allowed);
    expect(after.slice(after.indexOf(allowed) + allowed.length)).toContain('; ');
    expect(after).toContain(remedy);
  });
}
