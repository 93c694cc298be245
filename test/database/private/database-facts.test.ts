import { CfnParameter, Stack, Token } from 'aws-cdk-lib/core';
import { DatabaseEngine } from '../../../src/database/database-engine';
import { DatabaseTarget } from '../../../src/database/database-target';
import { PostgreSqlAuthentication } from '../../../src/database/postgresql-authentication';
import { PostgreSqlPasswordStatement } from '../../../src/database/postgresql-password-statement';
import { connectionFacts } from '../../../src/database/private/database-facts';

const engine = DatabaseEngine.POSTGRES;

test('the functions get what connects, and nothing else', () => {
  const { _facts } = DatabaseTarget.of({
    engine,
    host: '10.0.0.5',
    port: 6432,
    databaseName: 'personnel',
    tlsServerName: 'db.example.com',
    authentication: PostgreSqlAuthentication.scramSha256OrMd5(),
    passwordStatement: PostgreSqlPasswordStatement.plainText(),
  });
  expect(JSON.parse(JSON.stringify(connectionFacts(_facts)))).toEqual({
    engine: 'postgres',
    host: '10.0.0.5',
    port: 6432,
    databaseName: 'personnel',
    tlsServerName: 'db.example.com',
    allowMd5: true,
    plainPasswordStatement: true,
  });
});

test('what is not said is left out', () => {
  const { _facts } = DatabaseTarget.of({ engine, host: 'db.example.com' });
  expect(JSON.parse(JSON.stringify(connectionFacts(_facts)))).toEqual({ engine: 'postgres', host: 'db.example.com', port: 5432 });
});

test('a port that is a token becomes a text, the same each time', () => {
  const stack = new Stack();
  const port = new CfnParameter(stack, 'Port', { type: 'Number' }).valueAsNumber;
  const { _facts } = DatabaseTarget.of({ engine, host: 'db.example.com', port });
  const first = connectionFacts(_facts).port;
  expect(Token.isUnresolved(first)).toBe(true);
  expect(connectionFacts(_facts).port).toBe(first);
  expect(stack.resolve(stack.toJsonString(connectionFacts(_facts)))).toEqual({
    'Fn::Join': ['', ['{"engine":"postgres","host":"db.example.com","port":"', { Ref: 'Port' }, '"}']],
  });
});
