import type { CfnJobDefinition, EcsJobDefinition } from 'aws-cdk-lib/aws-batch';
import { Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { claimVariable, pathOf, secretIdFor } from './delivered-variables';
import { watchInjected } from './injected-values';
import { requireField } from './required-fields';
import { ConflictError, ValidationError } from '../../core/errors';
import { requireText } from '../../core/validate';
import { SecretRecord } from '../../secret/private/secret-record';
import type { ContainerInjectionOptions, RuntimeReadOptions } from '../delivery-options';

const READ = 'toBatchJobDefinition';
const INJECT = 'injectIntoBatchJobDefinition';

/** What AWS Batch keeps for itself. */
const NOT_RESERVED = /^(?!AWS_BATCH)/;

/** Tells jobs which secret is meant. Returns the role that they read with. */
export function tellJobs(
  job: EcsJobDefinition, secret: ISecret, { environmentVariable = 'SECRET_ID' }: RuntimeReadOptions,
): IRole {
  resourceOf(job, READ);
  const { jobRole } = job.container;
  if (jobRole === undefined) {
    throw new ConflictError(job, 'its jobs have no role to read a secret with',
      `give the container a \`jobRole\`, or inject the value with ${INJECT}()`);
  }
  addVariable(job, READ, secret, environmentVariable, ({ environment }) => ({
    environment: [...listOf(environment), { name: environmentVariable, value: secretIdFor(job, secret) }],
  }));
  return jobRole;
}

/** Gives each job the value when its container is started. */
export function injectIntoJobs(
  job: EcsJobDefinition, secret: ISecret, { environmentVariable = 'SECRET', field }: ContainerInjectionOptions,
): void {
  requireField({ consumer: job, method: INJECT }, secret, field);
  const { arn: valueFrom } = ContainerSecret.fromSecretsManager(secret, field);
  addVariable(job, INJECT, secret, environmentVariable, ({ secrets }) => ({
    secrets: [...listOf(secrets), { name: environmentVariable, valueFrom }],
  }));
  watchInjected(job, secret, field, warningOf);
}

/** Changes the resource: the AWS CDK has written the container into it when the job definition was made. */
function addVariable(
  job: EcsJobDefinition, method: string, secret: ISecret, name: string,
  added: (container: CfnJobDefinition.ContainerPropertiesProperty) => Partial<CfnJobDefinition.ContainerPropertiesProperty>,
): void {
  const remedy = `give ${method}() another \`environmentVariable\``;
  const resource = resourceOf(job, method);
  claimVariable({ consumer: job, method }, name, secret, secret.secretArn);
  requireText({ scope: job, property: `${method}(environmentVariable)`, remedy }, name, {
    maximum: Infinity, pattern: NOT_RESERVED, allowed: 'a name that does not begin with AWS_BATCH',
  });
  const container = resource.containerProperties as CfnJobDefinition.ContainerPropertiesProperty;
  const taken = [...listOf(container.environment), ...listOf(container.secrets)] as { readonly name?: string }[];
  if (taken.some((variable) => variable.name === name)) {
    throw new ConflictError(job, `its container has a variable '${name}' already`, remedy);
  }
  resource.containerProperties = { ...container, ...added(container) };
}

/** What JavaScript lets through: a definition of another app, and one for Amazon EKS, have no container here to change. */
function resourceOf(job: EcsJobDefinition, method: string): CfnJobDefinition {
  const resource = job.node.defaultChild as CfnJobDefinition | undefined;
  if (resource?.containerProperties === undefined) {
    throw new ValidationError({
      scope: job,
      property: `${method}(job)`,
      got: job,
      allowed: 'an EcsJobDefinition of aws-cdk-lib/aws-batch',
      remedy: 'pass such a value',
    });
  }
  return resource;
}

/** The AWS CDK writes lists that are known, or none. */
function listOf<T>(list: T): Extract<T, unknown[]> {
  return (list ?? []) as Extract<T, unknown[]>;
}

function warningOf(secret: ISecret): string | undefined {
  return SecretRecord.of(secret).rotationEffect.formerWorks
    ? undefined
    : `a job that runs while '${pathOf(secret)}' rotates keeps the value that it was started with, which is refused from then on; `
      + `use Rotation.alternatingUsers(), or let jobs read the value with delivery.${READ}()`;
}
