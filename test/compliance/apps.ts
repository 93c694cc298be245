import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type App, Stack } from 'aws-cdk-lib/core';
import { HardenedSecret, Rotation, SecretAuditTrail, SecretConfigRules, SecretMonitoring, SecretsPlatform } from '../../src';
import { exampleApp } from '../examples/synthesised';
import { testApp } from '../support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };

/** One secret with nothing said but its rotation: what users get who ask for no more. */
function standAloneSecret(): App {
  const app = testApp();
  new HardenedSecret(new Stack(app, 'StandAlone', { env: ENV }), 'SigningKey', { rotation: Rotation.regenerate() });
  return app;
}

/** A platform that says all that rules ask for, with secrets in two stacks. */
function secretsPlatform(): App {
  const app = testApp();
  const home = new Stack(app, 'Platform', { env: ENV });
  const encryptionKey = new Key(home, 'OperationsKey', { enableKeyRotation: true });
  const topic = new Topic(home, 'RotationFailures', { enforceSSL: true, masterKey: encryptionKey });
  const platform = new SecretsPlatform(home, 'Secrets', {
    defaults: { monitoring: SecretMonitoring.rotationFailure({ topic }) },
    rotationFunctions: { encryptionKey },
  });
  for (const team of ['Orders', 'Payments']) {
    new HardenedSecret(new Stack(app, team, { env: ENV }), 'Token', {
      platform,
      secretName: `${team}/token`,
      rotation: Rotation.regenerate(),
    });
  }
  return app;
}

/** What is made once for an account. */
function account(): App {
  const app = testApp();
  const stack = new Stack(app, 'Account', { env: ENV });
  new SecretAuditTrail(stack, 'Trail');
  new SecretConfigRules(stack, 'Rules');
  return app;
}

/** The apps that are checked, by name. */
export const APPS: Record<string, () => App> = {
  'the example': exampleApp,
  'a secret that stands alone': standAloneSecret,
  'secrets of a platform in two stacks': secretsPlatform,
  'audit trail and Config rules': account,
};
