import { type Code, Function as LambdaFunction, Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { CfnParameter, Duration, SecretValue, Stack, type StackProps } from 'aws-cdk-lib/core';
import { HardenedSecret, Rotation, RotationTiming, SecretContent } from 'cdk-secretsmanager-patterns';
import type { Construct } from 'constructs';

export interface HttpApiKeyStackProps extends StackProps {
  /** The rotator, bundled. */
  readonly rotatorCode: Code;
}

/** The key of an HTTP API, which gives out new ones and revokes old ones: rotated by a function with steps of its own. */
export class HttpApiKeyStack extends Stack {
  constructor(scope: Construct, id: string, props: HttpApiKeyStackProps) {
    super(scope, id, props);

    const firstKey = new CfnParameter(this, 'FirstKey', {
      noEcho: true,
      description: 'The key that the API gave to begin with, as {"keyId":"...","key":"..."}: it is replaced at once, and revoked '
        + 'by the second rotation',
    });

    const rotator = new LambdaFunction(this, 'Rotator', {
      description: 'Rotates the key of the HTTP API',
      code: props.rotatorCode,
      handler: 'index.handler',
      runtime: new Runtime('nodejs24.x', RuntimeFamily.NODEJS),
      timeout: Duration.minutes(1),
      environment: { API_URL: 'https://api.partner.example' },
    });

    new HardenedSecret(this, 'ApiKey', {
      secretName: 'partner/api-key',
      description: 'The key of the HTTP API',
      content: SecretContent.fromSecretValue(SecretValue.cfnParameter(firstKey)),
      rotation: Rotation.steps({ handler: rotator, timing: RotationTiming.every(Duration.days(30)) }),
    });
  }
}
