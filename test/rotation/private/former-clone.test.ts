import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Annotations as CdkAnnotations, SecretValue, Stack } from 'aws-cdk-lib/core';
import {
  DatabaseEngine, DatabaseTarget, HardenedSecret, LdapDirectory, Rotation, SecretContent, SecretReplica,
} from '../../../src';
import { auroraCluster, testApp } from '../../support/scenario';

const given = SecretValue.secretsManager('given');
const targetIn = (stack: Stack, engine: DatabaseEngine) => DatabaseTarget.of({
  engine,
  host: 'db.example.com',
  databaseName: engine === DatabaseEngine.ORACLE ? 'ORCL' : undefined,
  superuser: new Secret(stack, 'Superuser'),
});
const ALTERNATING = [DatabaseEngine.POSTGRES, DatabaseEngine.MYSQL, DatabaseEngine.MARIADB, DatabaseEngine.SQLSERVER,
  DatabaseEngine.ORACLE, DatabaseEngine.DOCUMENTDB, DatabaseEngine.REDIS, DatabaseEngine.VALKEY];
const stackOf = () => new Stack(testApp(), 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
const notes = (stack: Stack, text = 'rotates one user') =>
  Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp(text)).map(({ id, entry }) => `${id}: ${String(entry.data)}`);
const rotated = (stack: Stack, id: string, database: DatabaseTarget, rotation: Rotation) => new HardenedSecret(stack, id, {
  content: SecretContent.databaseCredentials({ username: id.toLowerCase(), database }), rotation,
});

test.each(ALTERNATING)('one user, where there may have been two before: said once for the stack (%#)', (engine) => {
  const stack = stackOf();
  const database = targetIn(stack, engine);
  rotated(stack, 'One', database, Rotation.singleUserWithSuperuser());
  rotated(stack, 'Two', database, Rotation.singleUserWithSuperuser());
  expect(notes(stack)).toEqual([expect.stringMatching(/^\/Stack: 'Stack\/One' rotates one user: .*'<username>_clone' stays/)]);
});

test('own login: said as well', () => {
  const stack = stackOf();
  new HardenedSecret(stack, 'Own', {
    content: SecretContent.fromSecretValue(given),
    rotation: Rotation.singleUser({ database: targetIn(stack, DatabaseEngine.MYSQL) }),
  });
  expect(notes(stack)).toHaveLength(1);
});

test('two users, a superuser and users of a directory: nothing of the kind', () => {
  const stack = stackOf();
  rotated(stack, 'Two', targetIn(stack, DatabaseEngine.POSTGRES), Rotation.alternatingUsers());
  new HardenedSecret(stack, 'Ldap', {
    content: SecretContent.ldapCredentials({
      directory: LdapDirectory.of({ host: 'ldap.example.com' }), username: 'uid=app,dc=example,dc=org',
    }),
    rotation: Rotation.ldapUser({ superuser: new Secret(stack, 'Manager') }),
  });
  const admin = new HardenedSecret(stack, 'Admin', { content: SecretContent.databaseCredentials({ username: 'pgadmin' }) });
  admin.addRotation(Rotation.singleUser({ database: DatabaseTarget.fromRdsCluster(auroraCluster(stack, admin.secret)) }));
  expect(notes(stack)).toEqual([]);
});

test('whoever knows turns the note off', () => {
  const stack = stackOf();
  rotated(stack, 'One', targetIn(stack, DatabaseEngine.POSTGRES), Rotation.singleUserWithSuperuser());
  CdkAnnotations.of(stack).acknowledgeInfo('cdk-secretsmanager-patterns:formerClone');
  expect(notes(stack)).toEqual([]);
});

test('the stack of a Region says, while it is there, how it is deleted once the Region is not', () => {
  const stack = stackOf();
  const replicas = [SecretReplica.inRegion('eu-west-1'), SecretReplica.inRegion('eu-central-1')];
  new HardenedSecret(stack, 'One', { replicas, rotation: Rotation.none('test') });
  new HardenedSecret(stack, 'Two', { replicas, rotation: Rotation.none('test') });
  const stacks = stack.node.root.node.children.filter((each): each is Stack => each !== stack && Stack.isStack(each));
  expect(stacks.map((each) => notes(each, 'delete-stack'))).toEqual(stacks.map(({ stackName, region }) => [
    expect.stringContaining(`aws cloudformation delete-stack --stack-name ${stackName} --region ${region} (docs/leaving.md)`),
  ]));
  expect(stacks).toHaveLength(2);
});
