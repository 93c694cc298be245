import { CfnDBCluster } from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import { stacksOfPassword } from '../../../src/secret/private/stacks-of-password';
import { isolatedVpc, personnelDatabase, testApp } from '../../support/scenario';

test.each(['construct', 'resource'] as const)('the stack that a database has its password from, of a %s', (kind) => {
  const app = testApp();
  const [data, secrets] = ['Data', 'Secrets'].map((id) => new Stack(app, id));
  const instance = personnelDatabase(data, isolatedVpc(data));
  const masterUserPassword = new Secret(secrets, 'Admin').secretValueFromJson('password').unsafeUnwrap();
  const cluster = new CfnDBCluster(data, 'Cluster', { engine: 'aurora-postgresql', masterUserPassword });
  const found = stacksOfPassword(kind === 'resource' ? cluster : instance);
  expect(new Set(found.map(({ node }) => node.id))).toEqual(new Set([kind === 'resource' ? 'Secrets' : 'Data']));
});
