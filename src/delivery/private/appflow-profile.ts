import type { CfnConnectorProfile } from 'aws-cdk-lib/aws-appflow';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack, Token } from 'aws-cdk-lib/core';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { requireFields } from './required-fields';
import { ConflictError, ValidationError } from '../../core/errors';
import { requireInEnvironment } from '../../core/in-environment';
import { valuesAt } from '../../core/template-property';
import { SecretRecord } from '../../secret/private/secret-record';
import { SecretGrants } from '../../secret/secret-grants';

/** The connectors whose credentials name a secret. */
const CONNECTORS = ['Salesforce', 'Pardot'];

/** Has a connector profile read client ID and client secret from a secret. */
export function giveClientCredentials(profile: CfnConnectorProfile, secret: ISecret): void {
  const { connectorType } = profile;
  if (!CONNECTORS.includes(connectorType)) {
    throw new ValidationError({
      scope: profile,
      property: 'connectorType',
      got: Token.isUnresolved(connectorType) ? 'a value that is known at deployment' : connectorType,
      allowed: `for a secret: ${CONNECTORS.join(' or ')}`,
      remedy: 'Amazon AppFlow takes the credentials of other connectors as text, and keeps them in a secret of its own',
    });
  }
  const path = ['ConnectorProfileConfig', 'ConnectorProfileCredentials', connectorType, 'ClientCredentialsArn'];
  if (valuesAt(profile, path).length > 0) {
    throw new ConflictError(profile, 'it has a `clientCredentialsArn` already', 'leave it out, and deliver one secret');
  }
  const { region, account } = Stack.of(profile);
  const { partition = 'aws' } = RegionInfo.get(region);
  if (partition !== 'aws') {
    throw new ConflictError(profile, `it is in the partition '${partition}', and Amazon AppFlow takes ARNs of 'aws' alone`,
      'leave its client to Amazon AppFlow');
  }
  requireInEnvironment({
    scope: profile,
    property: 'toAppFlowConnectorProfile(secret)',
    remedy: 'make a secret in the account and the Region of the profile',
  }, SecretRecord.of(secret).scope, secret.env, ['account', 'region']);
  requireFields({ service: 'Amazon AppFlow', resource: profile }, secret, ['clientId', 'clientSecret']);
  const appFlow = new ServicePrincipal('appflow.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': account } },
  });
  SecretGrants.fromSecret(secret).read(appFlow).applyBefore(profile);
  profile.addPropertyOverride(path.join('.'), secret.secretArn);
}
