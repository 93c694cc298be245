import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { HardenedSecret, Rotation, SecretGenerator } from '../../src';

/** The output that names the secret. */
export const SECRET = 'SecretArn';

/** What shows most for least: a key, a secret, its function, and a first rotation that the deployment begins. All of it goes. */
export class DeploymentTestStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);
    const { secret } = new HardenedSecret(this, 'Token', {
      removalPolicy: RemovalPolicy.DESTROY,
      rotation: Rotation.regenerate({ generator: SecretGenerator.apiToken({ prefix: 'test_' }) }),
    });
    new CfnOutput(this, SECRET, { value: secret.secretArn });
  }
}
