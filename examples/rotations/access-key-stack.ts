import { User } from 'aws-cdk-lib/aws-iam';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib/core';
import { HardenedSecret, Rotation, RotationTiming, SecretContent } from 'cdk-secretsmanager-patterns';
import type { Construct } from 'constructs';

/** An IAM user for a client that knows access keys only: a new one each quarter, and two weeks for the client to take it up. */
export class AccessKeyStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const uploader = new User(this, 'Uploader', { path: '/partners/' });
    new HardenedSecret(this, 'UploaderKey', {
      content: SecretContent.placeholder(),
      rotation: Rotation.iamAccessKey({
        user: uploader, formerWorksFor: Duration.days(14), timing: RotationTiming.every(Duration.days(90)),
      }),
    });
  }
}
