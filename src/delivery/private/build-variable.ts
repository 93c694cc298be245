import { BuildEnvironmentVariableType, type CfnProject, type Project } from 'aws-cdk-lib/aws-codebuild';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { claimVariable } from './delivered-variables';
import { requireField } from './required-fields';
import { buildVariables, projectConsumer } from './variables-of';
import type { BuildVariableOptions } from '../delivery-options';

const METHOD = 'toCodeBuildProject';

/** Adds a variable to a project that has been made: CodeBuild reads the secret when a build begins. */
export function addBuildVariable(
  project: Project, secret: ISecret, { environmentVariable: name = 'SECRET', field }: BuildVariableOptions,
): void {
  requireField({ consumer: project, method: METHOD }, secret, field);
  const value = field === undefined ? secret.secretArn : `${secret.secretArn}:${field}`;
  claimVariable(projectConsumer(project, METHOD), name, secret, value);
  const resource = project.node.defaultChild as CfnProject;
  const environment = resource.environment as CfnProject.EnvironmentProperty;
  const variable = { name, type: BuildEnvironmentVariableType.SECRETS_MANAGER, value };
  resource.environment = { ...environment, environmentVariables: [...buildVariables(project), variable] };
}
