import { Stack, type StackProps } from 'aws-cdk-lib/core';
import { HardenedSecret, KeyPairSpec, Rotation, SecretContent, SecretGenerator } from 'cdk-secretsmanager-patterns';
import type { Construct } from 'constructs';

/** Values that no other system has to be told: what reads them reads the new one. */
export class GeneratedValuesStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    new HardenedSecret(this, 'SharedToken', {
      rotation: Rotation.regenerate({ generator: SecretGenerator.apiToken({ prefix: 'acme_' }) }),
    });

    new HardenedSecret(this, 'CookieKey', {
      rotation: Rotation.regenerate({ generator: SecretGenerator.symmetricKey({ bytes: 32 }) }),
    });

    new HardenedSecret(this, 'SigningKey', {
      content: SecretContent.json({ algorithm: 'ES384' }, 'privateKey'),
      rotation: Rotation.regenerate({
        generator: SecretGenerator.keyPair({ spec: KeyPairSpec.ECC_NIST_P384, publicKeyField: 'publicKey' }),
      }),
    });

    new HardenedSecret(this, 'DeployKey', {
      content: SecretContent.json({ host: 'build.example.com' }, 'privateKey'),
      rotation: Rotation.regenerate({ generator: SecretGenerator.sshKeyPair({ comment: 'deploy@example.com' }) }),
    });
  }
}
