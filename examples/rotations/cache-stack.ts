import { CfnUser } from 'aws-cdk-lib/aws-elasticache';
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import { CacheUser, DatabaseEngine, DatabaseTarget, HardenedSecret, Rotation, SecretContent } from 'cdk-secretsmanager-patterns';
import type { Construct } from 'constructs';

const USER_ID = 'sessions';

/** Users of caches, which have two passwords: the one before goes on working until the next rotation. */
export class CacheStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const cacheUser = CacheUser.elastiCache({ userId: USER_ID, username: USER_ID });
    const sessions = new HardenedSecret(this, 'SessionsUser', { content: SecretContent.cacheUserCredentials(cacheUser) });
    const user = new CfnUser(this, 'Sessions', {
      engine: 'valkey',
      userId: USER_ID,
      userName: USER_ID,
      accessString: 'on ~session:* +@read +@write',
      // CloudFormation resolves it when it creates the user: it stands in no template.
      passwords: [sessions.secret.secretValueFromJson('password').unsafeUnwrap()],
    });
    sessions.addRotation(Rotation.cacheUser({ dependencies: [user] }));

    // On servers of one's own, by a user of theirs that may change others.
    const administrator = new HardenedSecret(this, 'CartsAdministrator', {
      content: SecretContent.databaseCredentials({ username: 'rotation' }),
      rotation: Rotation.none('it is set by hand on the servers'),
    });
    const carts = DatabaseTarget.of({
      engine: DatabaseEngine.VALKEY,
      host: 'valkey-1.example.com',
      furtherHosts: ['valkey-2.example.com'],
      superuser: administrator.secret,
    });
    new HardenedSecret(this, 'CartsUser', {
      content: SecretContent.databaseCredentials({ username: 'carts', database: carts }),
      rotation: Rotation.dualPassword({ createWithRoles: ['~cart:*', '+@read', '+@write'] }),
    });
  }
}
