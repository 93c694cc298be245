import { BuildEnvironmentVariableType, type CfnProject, type Project } from 'aws-cdk-lib/aws-codebuild';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { claimVariable } from './delivered-variables';
import type { BuildVariableOptions } from '../delivery-options';

/** Adds a variable to a project that has been made: CodeBuild reads the secret when a build begins. */
export function addBuildVariable(
  project: Project, secret: ISecret, { environmentVariable: name = 'SECRET', field }: BuildVariableOptions,
): void {
  claimVariable({ consumer: project, method: 'toCodeBuildProject' }, name, secret);
  const resource = project.node.defaultChild as CfnProject;
  const environment = resource.environment as CfnProject.EnvironmentProperty;
  resource.environment = {
    ...environment,
    environmentVariables: [
      ...environment.environmentVariables as CfnProject.EnvironmentVariableProperty[] | undefined ?? [],
      {
        name,
        type: BuildEnvironmentVariableType.SECRETS_MANAGER,
        value: field === undefined ? secret.secretArn : `${secret.secretArn}:${field}`,
      },
    ],
  };
}
