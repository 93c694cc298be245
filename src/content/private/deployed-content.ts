import { DatabaseSecret } from 'aws-cdk-lib/aws-rds';
import type { CfnSecret, SecretStringGenerator } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { ContentFacts } from './content-facts';
import { requireUsername } from '../../database/private/name-checks';
import type { DeployedContentOptions, DeployedDatabaseSecretOptions } from '../secret-content-options';

/** Length of the passwords that Secrets Manager generates where nobody says another. */
const DEFAULT_LENGTH = 32;

/** A value that exists: the property is passed on as it is, and what is in it is read only. */
export function deployedContent(
  scope: IConstruct,
  generate: SecretStringGenerator | undefined,
  options: DeployedContentOptions,
): ContentFacts {
  const database = options.database?._facts;
  const username = options.username ?? usernameIn(generate?.secretStringTemplate);
  if (username !== undefined) {
    requireUsername(scope, username, database?.engine);
    return { adopted: true, generate, credentials: { username, database } };
  }
  if (!generate) {
    return { adopted: true };
  }
  const {
    passwordLength: length = DEFAULT_LENGTH, excludeCharacters = '', secretStringTemplate: _, generateStringKey: field,
    ...types
  } = generate;
  return { adopted: true, generate, generated: { field, password: { length, excludeCharacters, ...types } } };
}

/** The property that the AWS CDK makes of the properties, whichever version it is. */
export function deployedDatabaseSecret(
  scope: IConstruct,
  { database, ...props }: DeployedDatabaseSecretOptions,
): ContentFacts {
  const { generateSecretString } = new DatabaseSecret(new Stack(), 'Secret', props).node.defaultChild as CfnSecret;
  return deployedContent(scope, generateSecretString as SecretStringGenerator, { username: props.username, database });
}

function usernameIn(template: string | undefined): string | undefined {
  if (template === undefined || Token.isUnresolved(template)) {
    return undefined;
  }
  try {
    const { username } = JSON.parse(template) as { username?: unknown };
    return typeof username === 'string' ? username : undefined;
  } catch {
    return undefined;
  }
}
