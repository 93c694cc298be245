import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnBatchScramSecret, type CfnCluster } from 'aws-cdk-lib/aws-msk';
import { CfnSecret, type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import type { IConstruct, IDependable } from 'constructs';
import { pathOf } from './delivered-variables';
import { requireFields } from './required-fields';
import { ConflictError, ValidationError } from '../../core/errors';
import { otherPart } from '../../core/in-environment';
import { onceFor } from '../../core/once';
import { SecretRecord } from '../../secret/private/secret-record';

/** What Amazon MSK asks of the name of a secret. */
const PREFIX = 'AmazonMSK_';

/** The secrets of a cluster's users: CloudFormation has one list for each cluster. */
class ScramSecrets {
  private readonly arns: string[] = [];
  private readonly resource: CfnBatchScramSecret;

  constructor(cluster: CfnCluster) {
    this.resource = new CfnBatchScramSecret(cluster, 'ScramSecrets', {
      clusterArn: cluster.attrArn,
      secretArnList: Lazy.list({ produce: () => this.arns }),
    });
  }

  add(secretArn: string, policy: IDependable): void {
    if (this.arns.includes(secretArn)) {
      return;
    }
    this.arns.push(secretArn);
    this.resource.node.addDependency(policy);
  }
}

/** Makes the user of a secret one of a cluster, where the secret is one that Amazon MSK takes. */
export function associateWithCluster(cluster: CfnCluster, secret: ISecret): void {
  const owner = SecretRecord.of(secret).secret;
  requireName(cluster, owner);
  requireOwnKey(cluster, owner);
  requireSameEnvironment(cluster, owner);
  requireFields({ service: 'Amazon MSK', resource: cluster }, secret, ['username', 'password']);
  const policy = onceFor(owner, 'policy for Amazon MSK', () => letAmazonMskRead(cluster, owner));
  onceFor(cluster, 'SCRAM secrets', () => new ScramSecrets(cluster)).add(owner.secretArn, policy);
}

/** One statement, whichever clusters the user is one of. */
function letAmazonMskRead(cluster: IConstruct, owner: ISecret): IDependable {
  // Amazon MSK adds this to a policy that it finds; CloudFormation would take it away again with the next change of the policy.
  const { statementAdded, policyDependable } = owner.addToResourcePolicy(new PolicyStatement({
    sid: 'AWSKafkaResourcePolicy',
    principals: [new ServicePrincipal('kafka.amazonaws.com')],
    actions: ['secretsmanager:GetSecretValue'],
    resources: ['*'],
  }));
  if (!statementAdded) {
    throw new ConflictError(cluster, `the resource policy of the imported secret '${pathOf(owner)}' cannot be changed`,
      'associate it in the app that defines it');
  }
  return policyDependable!;
}

function requireName(cluster: IConstruct, secret: ISecret): void {
  const resource = secret.node.defaultChild;
  if (!(resource instanceof CfnSecret)) {
    return;
  }
  // The AWS CDK gives a name that is not there as a token of nothing; what is known at deployment stays an object.
  const name: unknown = Stack.of(secret).resolve(resource.name);
  if (name === undefined || (typeof name === 'string' && !name.startsWith(PREFIX))) {
    throw new ValidationError({
      scope: SecretRecord.of(secret).scope,
      property: 'secretName',
      got: name,
      allowed: `a name that begins with ${PREFIX}, for '${cluster.node.path}'`,
      remedy: `give the secret the \`secretName\` '${PREFIX}…': Amazon MSK takes no other`,
    });
  }
}

function requireOwnKey(cluster: IConstruct, secret: ISecret): void {
  if (SecretRecord.of(secret).key === undefined && secret.encryptionKey === undefined) {
    throw new ConflictError(cluster, `the secret '${pathOf(secret)}' is encrypted with the key of Secrets Manager, which Amazon MSK `
      + 'cannot use', 'encrypt it with a customer managed key, as a HardenedSecret is by default');
  }
}

function requireSameEnvironment(cluster: IConstruct, secret: ISecret): void {
  if (otherPart(Stack.of(cluster), Stack.of(secret))) {
    throw new ConflictError(cluster, `the secret '${pathOf(secret)}' is in another account or Region`,
      'make a secret in the account and the Region of the cluster: Amazon MSK takes no other');
  }
}
