import { App, CfnParameter, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { idOfConstruct, idOfHost } from '../../../src/database/private/database-id';

const stack = new Stack(new App(), 'Stack');
const input = { scope: stack, property: 'DatabaseTarget.of(targetName)' };
const idOf = (host: string, port = 5432, targetName?: string) => idOfHost(input, 'postgres', host, port, targetName);
const token = () => new CfnParameter(stack, `Parameter${stack.node.children.length}`).valueAsString;

test.each(['Personnel', 'personnel_db.v2', 'A'.repeat(80), '-', 'Datenbank äöü', 'x'.repeat(21) + '--y'])(
  'a construct named %s has an id of its own',
  (id) => {
    const construct = new Construct(stack, id);
    expect(idOfConstruct('postgres', construct)).toMatch(/^postgres-([A-Za-z0-9]+(-[A-Za-z0-9]+)*-)?[0-9a-f]{8}$/);
    expect(idOfConstruct('postgres', construct).length).toBeLessThanOrEqual(40);
    expect(idOfConstruct('postgres', construct)).toBe(idOfConstruct('postgres', construct));
  },
);

test('constructs of one name in two places have two ids', () => {
  const [one, two] = ['One', 'Two'].map((scope) =>
    idOfConstruct('postgres', new Construct(new Construct(stack, scope), 'Database')),
  );
  expect(one).toMatch(/^postgres-Database-[0-9a-f]{8}$/);
  expect(two).not.toBe(one);
});

test('an address has an id by host and port', () => {
  expect(idOf('db.example.com')).toMatch(/^postgres-db-example-com-[0-9a-f]{8}$/);
  expect(idOf('DB.example.com')).toBe(idOf('db.example.com'));
  expect(idOf('db.example.com', 6432)).not.toBe(idOf('db.example.com'));
  expect(idOf('db.example.org')).not.toBe(idOf('db.example.com'));
  expect(idOf(`${'a'.repeat(60)}.example.com`)).toHaveLength(40);
});

test('a port that is a token takes no part in the id', () => {
  const ports = [1, 2].map((n) => new CfnParameter(stack, `Port${n}`, { type: 'Number' }).valueAsNumber);
  expect(idOf('db.example.com', ports[0])).toBe(idOf('db.example.com', ports[1]));
});

test('a name is the id, whatever the address', () => {
  expect(idOf(token(), 5432, 'personnel')).toBe('postgres-personnel');
  expect(idOf('db.example.com', 6432, 'personnel')).toBe('postgres-personnel');
});

test.each([
  {
    name: '',
    message: '[Stack] `DatabaseTarget.of(targetName)` is "", allowed: 1 to 30 letters, digits and hyphens; give a short name',
  },
  { name: 'a b', message: '`DatabaseTarget.of(targetName)` is "a b", allowed: 1 to 30 letters' },
  { name: 'x'.repeat(31), message: `is "${'x'.repeat(31)}", allowed: 1 to 30 letters` },
])('the name "$name" is refused', ({ name, message }) => {
  expect(() => idOf('db.example.com', 5432, name)).toThrow(message);
});

test('a host that is a token needs a name', () => {
  expect(() => idOf(token())).toThrow(
    '[Stack] `DatabaseTarget.of(targetName)` is not given, allowed: a literal name where the host is known only at deployment; '
      + 'functions get names that stay the same');
});

test('a name that is a token is none', () => {
  expect(() => idOf('db.example.com', 5432, token()))
    .toThrow('`DatabaseTarget.of(targetName)` is "a token", allowed: a literal name');
});
