import * as fc from 'fast-check';
import { RotationError } from '../../../handlers/core/rotation-error';
import { printable, StepLog } from '../../../handlers/core/step-log';

test('one line of JSON for each step', () => {
  const lines: string[] = [];
  const log = new StepLog((line) => lines.push(line));
  log.report({ secret: 'arn', step: 'setSecret', outcome: 'done', milliseconds: 12.4 });
  log.report({
    secret: 'a\nb',
    step: 'audit',
    outcome: 'failed',
    milliseconds: 1,
    error: new RotationError('tls', 'a\x1bb', 'CODE'),
  });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { level: 'INFO', secret: 'arn', step: 'setSecret', outcome: 'done', durationMs: 12 },
    {
      level: 'ERROR',
      secret: 'a\\u{a}b',
      step: 'audit',
      outcome: 'failed',
      durationMs: 1,
      errorClass: 'tls',
      errorCode: 'CODE',
      message: 'tls: a\\u{1b}b (CODE)',
    },
  ]);
  expect(lines.join('')).not.toContain('\n');
});

test('an event that names nothing', () => {
  const lines: string[] = [];
  new StepLog((line) => lines.push(line)).report({ outcome: 'failed', milliseconds: 0 });
  expect(JSON.parse(lines[0])).toEqual({ level: 'INFO', outcome: 'failed', durationMs: 0 });
});

test.each([
  ['plain text, ü and 漢', 'plain text, ü and 漢'], ['a\nb\r\tc', 'a\\u{a}b\\u{d}\\u{9}c'], ['\x1b[31mred', '\\u{1b}[31mred'],
  ['\u202eright to left', '\\u{202e}right to left'], ['\u2028', '\\u{2028}'], ['\u0085', '\\u{85}'], ['\ud800', '\\u{d800}'],
  ['😀', '😀'],
])('printable text of %j', (text, expected) => {
  expect(printable(text)).toBe(expected);
});

test('nothing that ends a line or moves a cursor is left', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    expect(printable(text)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
  }));
});
