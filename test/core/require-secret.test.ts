import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Stack } from 'aws-cdk-lib/core';
import {
  DatabaseEngine,
  DatabaseTarget,
  HardenedSecret,
  Rotation,
  SecretContent,
  SecretGrants,
  SecretHardening,
  SecretMetrics,
} from '../../src';
import { requireSecret } from '../../src/core/require-secret';
import { messageOf } from '../support/scenario';

const stack = new Stack(new App(), 'Stack');
/** What JavaScript and Python let pass. */
const hardened = new HardenedSecret(stack, 'Hardened', { rotation: Rotation.none('test') }) as unknown as ISecret;
const database = (superuser: ISecret, secret = superuser) => {
  const target = DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com', superuser: secret });
  new HardenedSecret(new Stack(), 'Creds', {
    content: SecretContent.databaseCredentials({ username: 'app', database: target }),
    rotation: Rotation.alternatingUsers({ superuser }),
  });
};

test.each<[string, (secret: ISecret) => unknown]>([
  ['SecretGrants.fromSecret(secret)', (secret) => SecretGrants.fromSecret(secret)],
  ['SecretHardening.fromSecret(secret)', (secret) => SecretHardening.fromSecret(secret)],
  ['SecretMetrics.fromSecret(secret)', (secret) => SecretMetrics.fromSecret(secret)],
  ['superuser', (secret) => database(secret)],
  ['superuser', (secret) => database(secret, new Secret(stack, 'Superuser'))],
])('a HardenedSecret in place of its secret is refused: %s', (property, act) => {
  expect(messageOf(() => act(hardened))).toBe(`[Stack/Hardened] \`${property}\` is 'Stack/Hardened', allowed: an AWS CDK secret; `
    + 'pass x.secret: the `secret` of the HardenedSecret');
});

test.each<[string, ISecret]>([
  ['of the app', new Secret(stack, 'Plain')],
  ['of a HardenedSecret', (hardened as unknown as HardenedSecret).secret],
  ['imported', Secret.fromSecretNameV2(stack, 'Imported', 'imported')],
])('a secret %s passes', (_, secret) => {
  expect(requireSecret('secret', secret)).toBe(secret);
});
