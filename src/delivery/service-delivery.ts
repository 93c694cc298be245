import type { CfnConnectorProfile } from 'aws-cdk-lib/aws-appflow';
import type { CfnEndpoint } from 'aws-cdk-lib/aws-dms';
import type { CfnCluster } from 'aws-cdk-lib/aws-msk';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { CfnResource } from 'aws-cdk-lib/core';
import type { CredentialProviderOptions } from './delivery-options';
import { referToSecret } from './private/agentcore-provider';
import { giveClientCredentials } from './private/appflow-profile';
import { signInWithSecret } from './private/dms-endpoint';
import { associateWithCluster } from './private/msk-association';
import { SecretGrants } from '../secret/secret-grants';

/**
 * Ways for services of AWS to read a secret themselves. What each of them documents about the secret is checked at synthesis.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/integrating.html
 *
 * @example
 * secret.delivery.toMskCluster(kafka);
 */
export abstract class ServiceDelivery {
  /**
   * For `SecretDelivery`.
   *
   * @param secret the secret that is delivered.
   */
  protected constructor(protected readonly secret: ISecret) {}

  /**
   * Makes the user in the secret one of an Amazon MSK cluster, with SASL/SCRAM: the value is a JSON object with `username` and
   * `password`. Amazon MSK reads the secret itself; the secret's policy allows it to.
   *
   * At a rotation: Amazon MSK reads the new value by itself, how soon is not documented; clients read it from the secret.
   *
   * @param cluster the cluster; of an L2 its `node.defaultChild`. Only this method associates its secrets: they are one list.
   * @throws where the secret's name does not begin with `AmazonMSK_`, where it has no customer managed key, is in another account
   *   or Region, or is imported.
   * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-password-limitations.html
   */
  toMskCluster(cluster: CfnCluster): void {
    associateWithCluster(cluster, this.secret);
  }

  /**
   * Has an AWS DMS endpoint sign in with the secret, a JSON object with `username`, `password`, `host` and `port`, by a new role.
   * At a rotation: AWS DMS reads the new value; by its documentation, migrations are not affected.
   *
   * @param endpoint an endpoint of a database, without user name, password, server name and port.
   * @throws where the engine takes no secret, the endpoint has these or another secret, or the secret no user, password, host and
   *   port, or another Region.
   * @see https://docs.aws.amazon.com/dms/latest/userguide/security_iam_secretsmanager.html
   */
  toDmsEndpoint(endpoint: CfnEndpoint): void {
    signInWithSecret(endpoint, this.secret);
  }

  /**
   * Has a credential provider of Amazon Bedrock AgentCore Identity refer to a field of the secret, a JSON object, and lets the
   * agent's role read it: AgentCore Identity reads with the permissions of whoever asks it for the credential.
   *
   * The role needs `bedrock-agentcore:GetResourceApiKey` or `GetResourceOauth2Token` as well, which this does not grant.
   *
   * At a rotation: by AWS's announcement, AgentCore Identity gives out the new value with its next read.
   *
   * @param provider a `CfnApiKeyCredentialProvider` or `CfnOAuth2CredentialProvider`, or a `CfnResource` of that type where the
   *   AWS CDK has no such class, without a secret of its own.
   * @param options whose role reads it, and the field.
   * @throws for another type, where the provider has a value or a secret already, where the secret is in another Region or has no
   *   such field, or the grant would have no effect.
   * @see https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_SecretReference.html
   */
  toAgentCoreCredentialProvider(provider: CfnResource, options: CredentialProviderOptions): void {
    referToSecret(provider, this.secret, options);
    SecretGrants.fromSecret(this.secret).read(options.workload);
  }

  /**
   * Has a connector profile of Amazon AppFlow for Salesforce or Salesforce Pardot take client ID and client secret of its
   * connected app from the secret, a JSON object with `clientId` and `clientSecret`. Amazon AppFlow reads it by the policies of
   * secret and key. Tokens of a user are not taken from a secret: Amazon AppFlow keeps them in one of its own.
   *
   * At a rotation: when Amazon AppFlow reads the new value is not documented.
   *
   * @param profile the profile, without `clientCredentialsArn`.
   * @throws for other connectors, where the profile has another secret, or the secret is a text, imported, or in another account
   *   or Region.
   * @see https://docs.aws.amazon.com/appflow/1.0/APIReference/API_SalesforceConnectorProfileCredentials.html
   */
  toAppFlowConnectorProfile(profile: CfnConnectorProfile): void {
    giveClientCredentials(profile, this.secret);
  }
}
