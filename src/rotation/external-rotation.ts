import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ManagedExternalSecretType } from './managed-external-secret-type';
import type { ExternalSecretFacts } from './private/partner-metadata';
import type { RotationConfig } from './rotation-config';
import { RotationTiming } from './rotation-timing';
import { ConflictError } from '../core/errors';
import { externalRotationRole } from '../rotation-function/private/external-rotation-role';
import type { RotationRequest } from '../rotation-function/private/rotation-request';

const HOURS_A_DAY = 24;

/**
 * Properties of a rotation that Secrets Manager carries out at a partner of AWS.
 *
 * @example
 * new HardenedSecret(this, 'Salesforce', {
 *   content: SecretContent.fromSecretValue(salesforceCredentials),
 *   rotation: Rotation.managedExternal(ManagedExternalSecretType.salesforceClientSecret('v65.0')),
 * });
 */
export interface ManagedExternalOptions {
  /**
   * When the secret rotates. Where the partner's credentials expire, rotate more often than that.
   *
   * @default - every 30 days, and once as soon as the schedule is created
   */
  readonly timing?: RotationTiming;
}

/** Makes a secret one that a partner holds and Secrets Manager rotates. */
export function bindExternalRotation(
  scope: Construct, request: RotationRequest, type: ManagedExternalSecretType, rotation: ManagedExternalOptions,
): RotationConfig {
  const facts = type._bind(scope);
  const resource = request.secret.node.defaultChild;
  if (!(resource instanceof CfnSecret)) {
    throw new ConflictError(
      scope,
      "only a secret that is defined in the app can be given a partner's type",
      'add the rotation where the secret is defined, to the secret itself',
    );
  }
  if (request.content.generate) {
    throw new ConflictError(
      scope,
      `the content of the secret is generated, and credentials of the type '${facts.type}' are the partner's`,
      'give the fields that the partner documents with SecretContent.fromSecretValue()',
    );
  }
  requireOftenEnough(scope, facts, rotation.timing ?? RotationTiming._DEFAULT);
  // Properties that CloudFormation has since November 2025 and the oldest supported AWS CDK does not know.
  resource.addPropertyOverride('Type', facts.type);
  const metadata = { ...facts.metadata, ...(facts.adminSecret && { adminSecretArn: facts.adminSecret.secretArn }) };
  return {
    externalRotation: { role: externalRotationRole(scope, request, facts.type, facts.adminSecret), metadata },
    timing: rotation.timing,
  };
}

/** Refuses a schedule by which credentials expire before they are replaced. */
function requireOftenEnough(scope: Construct, { type, maximumIntervalDays }: ExternalSecretFacts, timing: RotationTiming): void {
  const { scheduleExpression, longestHours } = timing._bind(scope);
  const days = Math.floor((longestHours - 1) / HOURS_A_DAY);
  if (maximumIntervalDays !== undefined && days > maximumIntervalDays && !Token.isUnresolved(scheduleExpression)) {
    throw new ConflictError(
      scope,
      `there may be ${days} days between two rotations, and credentials of the type '${type}' have to be replaced within `
        + `${maximumIntervalDays}`,
      'give the rotation a `timing` with a shorter interval, or, where the type has one, a longer `lifetime`',
    );
  }
}
