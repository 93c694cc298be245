import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ArnFormat, CfnParameter, SecretValue, Stack, type StackProps } from 'aws-cdk-lib/core';
import { HardenedSecret, ManagedExternalSecretType, Rotation, SecretContent, SecretHardening } from 'cdk-secretsmanager-patterns';
import type { Construct } from 'constructs';

/** Secrets that others rotate: a service of AWS, and Secrets Manager at a partner. */
export class ManagedSecretsStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const masterSecret = Secret.fromSecretCompleteArn(
      this,
      'MasterSecret',
      this.formatArn({
        service: 'secretsmanager',
        resource: 'secret',
        resourceName: 'rds!cluster-2f6b5a0e-0e5c-4bb2-a1d0-0f3f7f6f2a11-AbCdEf',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    );
    SecretHardening.fromSecret(masterSecret).addRotation(Rotation.managedByService());

    const credentials = new CfnParameter(this, 'SalesforceCredentials', {
      noEcho: true,
      description: "What the partner's documentation says that the secret holds, as JSON",
    });
    new HardenedSecret(this, 'Salesforce', {
      content: SecretContent.fromSecretValue(SecretValue.cfnParameter(credentials)),
      rotation: Rotation.managedExternal(ManagedExternalSecretType.salesforceClientSecret('v65.0')),
    });
  }
}
