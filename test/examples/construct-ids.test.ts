import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesisedExample } from './synthesised';

test('keeps logical ids: under another one CloudFormation replaces the resource, which is a major version', () => {
  const ids = Object.fromEntries(Object.entries(synthesisedExample()).map(([stack, { Resources }]) =>
    [stack, Object.fromEntries(Object.entries(Resources).map(([id, { Type }]) => [id, Type]))]));
  expect(ids).toEqual(JSON.parse(readFileSync(join(__dirname, 'construct-ids.json'), 'utf8')));
});
