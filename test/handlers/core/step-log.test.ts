import { RotationError } from '../../../handlers/core/rotation-error';
import { StepLog } from '../../../handlers/core/step-log';

test('one line of JSON for each step', () => {
  const lines: string[] = [];
  const log = new StepLog((line) => lines.push(line));
  log.report({ secret: 'arn', step: 'setSecret', outcome: 'done', milliseconds: 12.4 });
  log.report({ secret: 'a\nb', step: 'audit', outcome: 'failed', milliseconds: 1, error: new RotationError('tls', 'a\x1bb', 'CODE') });
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
