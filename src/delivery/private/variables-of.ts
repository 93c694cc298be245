import type { CfnProject, Project } from 'aws-cdk-lib/aws-codebuild';
import type { CfnTaskDefinition, ContainerDefinition } from 'aws-cdk-lib/aws-ecs';
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { DefaultTokenResolver, StringConcat, Tokenization, type TokenizedStringFragments } from 'aws-cdk-lib/core';
import type { Consumer, Variable } from './delivered-variables';

/** Resolves what an object consists of, and leaves its texts as they are. */
class NotOfTexts extends DefaultTokenResolver {
  resolveString(fragments: TokenizedStringFragments): unknown {
    return fragments.join({ join: (before: string, after: string) => before + after });
  }
}

const NOT_OF_TEXTS = new NotOfTexts(new StringConcat());

/** A consumer whose variables others may set as well. */
type ConsumerOfAll = Required<Pick<Consumer, 'variables'>> & Consumer;

/** AWS Lambda takes no name of one letter. */
const SHORTEST_OF_FUNCTIONS = 2;

export function functionConsumer(fn: LambdaFunction, method: string): ConsumerOfAll {
  const { environment } = fn.node.defaultChild as CfnFunction;
  return {
    consumer: fn,
    method,
    shortestName: SHORTEST_OF_FUNCTIONS,
    variables: () => {
      const resolved: unknown = Tokenization.resolve(environment, { scope: fn, resolver: NOT_OF_TEXTS, preparing: false });
      const { variables = {} } = (resolved ?? {}) as CfnFunction.EnvironmentProperty;
      return Object.entries(variables).map(([name, value]) => ({ name, value }));
    },
  };
}

export function containerConsumer(container: ContainerDefinition, method: string): ConsumerOfAll {
  return {
    consumer: container,
    method,
    variables: () => {
      const { environment, secrets } = container.renderContainerDefinition();
      return [
        ...(environment ?? []) as readonly Variable[],
        ...((secrets ?? []) as CfnTaskDefinition.SecretProperty[]).map(({ name, valueFrom }) => ({ name, value: valueFrom })),
      ];
    },
  };
}

export function projectConsumer(project: Project, method: string): ConsumerOfAll {
  return { consumer: project, method, variables: () => buildVariables(project) };
}

/** The AWS CDK writes a list, where there are any. */
export function buildVariables(project: Project): readonly CfnProject.EnvironmentVariableProperty[] {
  const { environment } = project.node.defaultChild as CfnProject;
  const { environmentVariables = [] } = environment as CfnProject.EnvironmentProperty;
  return environmentVariables as CfnProject.EnvironmentVariableProperty[];
}
