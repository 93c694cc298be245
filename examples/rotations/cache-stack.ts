import { CfnUser } from 'aws-cdk-lib/aws-elasticache';
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import { CacheUser, HardenedSecret, Rotation, SecretContent } from 'cdk-secretsmanager-patterns';
import type { Construct } from 'constructs';

const USER_ID = 'sessions';

/** A user of Amazon ElastiCache, which has two passwords: the one before goes on working until the next rotation. */
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
  }
}
