import { BuildEnvironmentVariableType, type CfnProject, type Project } from 'aws-cdk-lib/aws-codebuild';

/** Adds a variable to a project that has been made: CodeBuild reads the secret when a build begins. */
export function addBuildVariable(project: Project, name: string, secretArn: string, field: string | undefined): void {
  const resource = project.node.defaultChild as CfnProject;
  const environment = resource.environment as CfnProject.EnvironmentProperty;
  resource.environment = {
    ...environment,
    environmentVariables: [
      ...environment.environmentVariables as CfnProject.EnvironmentVariableProperty[] | undefined ?? [],
      {
        name,
        type: BuildEnvironmentVariableType.SECRETS_MANAGER,
        value: field === undefined ? secretArn : `${secretArn}:${field}`,
      },
    ],
  };
}
