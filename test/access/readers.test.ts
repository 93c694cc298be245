import type { AppName } from './apps';
import type { Deployment } from './deployment';
import { isAllowed, simulationOf } from './evaluation';
import { COMMERCIAL, deployed } from './verdicts';
import { Environment } from '../../src/contract/environment';

/** Readers that are given a grant. */
const GRANTED: Record<string, string[]> = {
  'MyCustomApp/MyCustomAppCreds': ['MyCustomApp/MyCustomApp/ServiceRole'],
  'OnFargate/MyCustomAppCreds': ['OnFargate/MyCustomAppTask/TaskRole'],
  'OnEks/MyCustomAppCreds': ['OnEks/Cluster/MyCustomApp/Role'],
};

/** The roles of functions that a secret is for: the one that rotates it, and those that sign in with it as superuser. */
function rolesOfFunctions(deployment: Deployment, secretArn: string): string[] {
  const rotators = deployment.ofType('AWS::SecretsManager::RotationSchedule')
    .filter(({ properties }) => properties.SecretId === secretArn)
    .map(({ properties }) => properties.RotationLambdaARN as string);
  const roles = deployment.ofType('AWS::Lambda::Function')
    .filter(({ arn, properties }) => rotators.includes(arn!)
      || properties.Environment?.Variables[Environment.SUPERUSER_SECRET] === secretArn)
    .map(({ properties }) => properties.Role as string);
  return deployment.ofType('AWS::IAM::Role').filter(({ arn }) => roles.includes(arn!)).map(({ path }) => path);
}

async function readersOf(deployment: Deployment, resource: string): Promise<string[]> {
  const readers = await Promise.all(deployment.ofType('AWS::IAM::Role').map(async ({ path: principal }) => {
    const request = { principal, action: 'secretsmanager:GetSecretValue', resource };
    return await isAllowed(simulationOf(deployment, request)) ? [principal] : [];
  }));
  return readers.flat();
}

test.each<[AppName, number]>([
  ['my-custom-app', 2], ['on-fargate', 2], ['on-eks', 2], ['rotations', 25], ['http-api-key', 1],
])('the secrets of %s are read by their functions, by whom they are granted to, and by no other role', async (app, secrets) => {
  const deployment = deployed(app, COMMERCIAL);
  const all = deployment.ofType('AWS::SecretsManager::Secret');
  expect(all).toHaveLength(secrets);
  for (const { path, arn } of all) {
    const expected = [...rolesOfFunctions(deployment, arn!), ...GRANTED[path] ?? []].sort();
    expect({ path, readers: (await readersOf(deployment, path)).sort() }).toEqual({ path, readers: expected });
  }
});
