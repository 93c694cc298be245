import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import { replicaFactsOf, setReplicaFacts } from '../../../src/secret/private/replica-facts';

test('what grants need to know of a replica is remembered for that secret only', () => {
  const stack = new Stack();
  const [replica, other] = [Secret.fromSecretNameV2(stack, 'Replica', 'name'), Secret.fromSecretNameV2(stack, 'Other', 'name')];
  const facts = { resource: replica, secretArn: 'arn', region: 'eu-west-1' };
  setReplicaFacts(replica, facts);
  expect(replicaFactsOf(replica)).toBe(facts);
  expect(replicaFactsOf(other)).toBeUndefined();
});
