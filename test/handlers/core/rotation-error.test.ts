import { codeOf, RotationError } from '../../../handlers/core/rotation-error';

test('says its class, its text and its code', () => {
  const error = new RotationError('tls', 'wrong name', 'ERR_TLS');
  expect(error)
    .toMatchObject({ name: 'RotationError', message: 'tls: wrong name (ERR_TLS)', errorClass: 'tls', code: 'ERR_TLS' });
  expect(new RotationError('tls', 'wrong name').message).toBe('tls: wrong name');
});

test.each(['has spaces', 'x'.repeat(65), '', 'line\nbreak', 'quote"'])('takes no code that may be a text: %j', (code) => {
  const error = new RotationError('tls', 'text', code);
  expect([error.code, error.message]).toEqual([undefined, 'tls: text']);
  expect(codeOf({ code })).toBeUndefined();
});

test.each([undefined, null, 'text', 7, {}, { code: 7 }])('finds no code in %j', (thrown) => {
  expect(codeOf(thrown)).toBeUndefined();
});

test('passes its own kind on', () => {
  const error = new RotationError('tls', 'text');
  expect(RotationError.from(error)).toBe(error);
});

describe('a foreign error', () => {
  const CANARY = 'canary-value';

  test.each([
    ['an error', Object.assign(new Error(`it is ${CANARY}`), { code: 'ECONNRESET', detail: CANARY })],
    ['an error with a cause', new Error(CANARY, { cause: CANARY })],
    ['a text', CANARY],
    ['an object', { message: CANARY, stack: CANARY }],
    ['an error whose text looks like a stack', new Error(`x\n    at ${CANARY} (file.js:11:22)`)],
    ['an error whose name was set', Object.assign(new Error('x'), { name: CANARY })],
    ['an error without a stack', Object.assign(new Error(CANARY), { stack: undefined })],
    ['an error of JSON', thrownBy(() => JSON.parse(CANARY))],
  ])('leaves nothing of itself: %s', (_, thrown) => {
    const error = RotationError.from(thrown);
    expect(error.errorClass).toBe('internal');
    expect(error.cause).toBeUndefined();
    expect(JSON.stringify([error.message, error.stack, { ...error }])).not.toContain(CANARY);
    expect(error.message).not.toContain('11:22');
  });

  test('leaves its kind, its code and the place it came from', () => {
    expect(RotationError.from(thrownBy(() => (undefined as unknown as string).length)).message)
      .toMatch(/^internal: unexpected TypeError at \d+:\d+$/);
    expect(RotationError.from(Object.assign(new RangeError('x'), { code: 'ERR_X' })).message)
      .toMatch(/^internal: unexpected RangeError at \d+:\d+ \(ERR_X\)$/);
    expect(RotationError.from(Object.assign(new Error('x'), { stack: 'Error: x' })).message).toBe('internal: unexpected error');
    expect(RotationError.from('x').message).toBe('internal: unexpected failure');
  });

  test.each([TypeError, RangeError, ReferenceError, SyntaxError, URIError])('%p is told by its name', (Kind) => {
    expect(RotationError.from(new Kind('x')).message).toMatch(new RegExp(`^internal: unexpected ${Kind.name} at \\d+:\\d+$`));
  });

  test.each([
    ['in a function, at the end', 'Error: x\n    at work (/var/task/index.js:12:345)'],
    ['in a module, and called by others', 'Error: x\n    at /var/task/index.js:12:345\n    at /var/task/index.js:1:2'],
  ])('the place is that of the first frame: %s', (_, stack) => {
    expect(RotationError.from(Object.assign(new Error('x'), { stack })).message).toBe('internal: unexpected error at 12:345');
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (thrown) {
    return thrown;
  }
}
