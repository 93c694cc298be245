import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { type CfnResource, Token } from 'aws-cdk-lib/core';
import { requireSameRegion, secretIdFor } from './delivered-variables';
import { requireFields } from './required-fields';
import { ConflictError, ValidationError } from '../../core/errors';
import { onceFor } from '../../core/once';
import { valuesAt } from '../../core/template-property';
import { requireText } from '../../core/validate';
import { SecretRecord } from '../../secret/private/secret-record';
import type { CredentialProviderOptions } from '../delivery-options';

const API_KEY = 'AWS::BedrockAgentCore::ApiKeyCredentialProvider';
const OAUTH2 = 'AWS::BedrockAgentCore::OAuth2CredentialProvider';
const METHOD = 'toAgentCoreCredentialProvider';
const LONGEST_FIELD = 128;

/** Where a provider has its credential. */
interface Place {
  /** The properties on the way to it. */
  readonly path: readonly string[];
  /** The property with the credential in clear text, and what the names of those that refer to a secret begin with. */
  readonly credential: string;
  readonly prefix: string;
  readonly field: string;
}

/**
 * Has a provider read a field of a secret.
 *
 * As overrides: whether a class of the AWS CDK knows the properties depends on its version.
 */
export function referToSecret(provider: CfnResource, secret: ISecret, options: CredentialProviderOptions): void {
  const { path, credential, prefix, field: usual } = placeOf(provider);
  const [config, source] = [`${prefix}Config`, `${prefix}Source`];
  const { field = usual } = options;
  const { secret: owner } = SecretRecord.of(secret);
  const delivered = onceFor(provider, 'delivered fields', () => new Map<string, ISecret>());
  if (delivered.get(field) === owner) {
    // Several agents may use one provider.
    return;
  }
  const taken = [credential, config, source].find((name) => valuesAt(provider, [...path, name]).length > 0);
  if (taken !== undefined) {
    throw new ConflictError(provider, `it has a \`${taken}\` already, and takes one secret or clear text`,
      `leave \`${taken}\` out: ${METHOD}() refers to the secret`);
  }
  requireText({ scope: provider, property: `${METHOD}(field)`, remedy: 'name a field of the value' }, field,
    { minimum: 1, maximum: LONGEST_FIELD, allowed: `1 to ${LONGEST_FIELD} characters` });
  requireSameRegion({ consumer: provider, method: METHOD }, secret);
  requireFields({ service: 'AgentCore Identity', resource: provider }, secret, [field]);
  const parent = [...path, ''].join('.');
  provider.addPropertyOverride(parent + config, { SecretId: secretIdFor(provider, secret), JsonKey: field });
  provider.addPropertyOverride(parent + source, 'EXTERNAL');
  delivered.set(field, owner);
}

function placeOf(provider: CfnResource): Place {
  switch (provider.cfnResourceType) {
    case API_KEY:
      return { path: [], credential: 'ApiKey', prefix: 'ApiKeySecret', field: 'apiKey' };
    case OAUTH2:
      return { path: clientOf(provider), credential: 'ClientSecret', prefix: 'ClientSecret', field: 'clientSecret' };
    default:
      throw new ValidationError({
        scope: provider,
        property: `${METHOD}(provider)`,
        got: provider.cfnResourceType,
        allowed: `${API_KEY} or ${OAUTH2}`,
        remedy: 'pass a credential provider of AgentCore Identity',
      });
  }
}

/** The client of a provider of OAuth 2.0: the configuration of the one vendor that it is for. */
function clientOf(provider: CfnResource): string[] {
  const inputs = valuesAt(provider, ['Oauth2ProviderConfigInput']);
  const names = inputs.some((input) => Token.isUnresolved(input)) ? [] : inputs.flatMap((input) =>
    Object.entries(input as object).filter(([, value]) => value !== undefined).map(([name]) => name));
  const vendors = [...new Set(names.map((name) => name[0].toUpperCase() + name.slice(1)))];
  if (vendors.length !== 1) {
    throw new ValidationError({
      scope: provider,
      property: 'oauth2ProviderConfigInput',
      got: vendors.length === 0 ? undefined : vendors.join(', '),
      allowed: 'an object with the configuration of one vendor',
      remedy: `give it before ${METHOD}(), without its client secret`,
    });
  }
  const path = ['Oauth2ProviderConfigInput', vendors[0]];
  const [method] = valuesAt(provider, [...path, 'ClientAuthenticationMethod']);
  if (typeof method === 'string' && !Token.isUnresolved(method) && !method.startsWith('CLIENT_SECRET')) {
    throw new ConflictError(provider, `its \`clientAuthenticationMethod\` is '${method}', which takes no client secret`,
      'use CLIENT_SECRET_BASIC or CLIENT_SECRET_POST, or deliver none');
  }
  return path;
}
