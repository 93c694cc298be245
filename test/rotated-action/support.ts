import { Template } from 'aws-cdk-lib/assertions';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { InstanceType, LaunchTemplate, MachineImage, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage, FargateService, type FargateServiceProps, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { type AuthenticationMode, Cluster as EksCluster, KubernetesVersion } from 'aws-cdk-lib/aws-eks';
import { Code, Function as LambdaFunction, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { type Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { Rotation, SecretContent } from '../../src';
import { ActionsEnvironment, type RotatedActionFacts } from '../../src/contract/rotated-action';
import { onceFor } from '../../src/core/once';

/** What a secret of these tests has besides its name: a rotation is not what they are about. */
export const GENERATED = { content: SecretContent.generated(), rotation: Rotation.none('what follows a rotation needs none') };

export function service(scope: Stack, id: string, props: Partial<FargateServiceProps> = {}): FargateService {
  const cluster = onceFor(scope, 'cluster of the tests', () => new Cluster(scope, 'Cluster', { vpc: new Vpc(scope, 'Vpc') }));
  const taskDefinition = onceFor(scope, 'task of the tests', () => {
    const made = new FargateTaskDefinition(scope, 'Task');
    made.addContainer('App', { image: ContainerImage.fromRegistry('app') });
    return made;
  });
  return new FargateService(scope, id, { cluster, taskDefinition, minHealthyPercent: 100, ...props });
}

export function lambda(scope: Construct, id: string): LambdaFunction {
  return new LambdaFunction(scope, id, {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = () => undefined'),
  });
}

export function group(scope: Stack, id: string): AutoScalingGroup {
  return new AutoScalingGroup(scope, id, {
    vpc: onceFor(scope, 'network of the tests', () => new Vpc(scope, `${id}Vpc`)),
    launchTemplate: new LaunchTemplate(scope, `${id}Template`, {
      instanceType: new InstanceType('t4g.nano'),
      machineImage: MachineImage.genericLinux({ [Token.isUnresolved(scope.region) ? 'us-east-1' : scope.region]: 'ami-1' }),
    }),
  });
}

export function stateMachine(scope: Construct, id: string): StateMachine {
  return new StateMachine(scope, id, { definitionBody: DefinitionBody.fromChainable(new Pass(scope, `${id}Pass`)) });
}

export function eksCluster(scope: Construct, authenticationMode?: AuthenticationMode): EksCluster {
  return new EksCluster(scope, 'Shop', {
    version: KubernetesVersion.V1_32,
    authenticationMode,
    kubectlLayer: LayerVersion.fromLayerVersionArn(scope, 'Kubectl', 'arn:aws:lambda:us-east-1:111111111111:layer:kubectl:1'),
  });
}

/** A function after rotations in a template, with references as their logical ids. */
export interface DeployedActions {
  readonly id: string;
  readonly actions: RotatedActionFacts[];
  readonly variables: Record<string, unknown>;
  readonly statements: Record<string, any>[];
}

/** The functions after rotations in a stack: what they know and what they may do. */
export function deployedActions(stack: Stack): DeployedActions[] {
  const template = Template.fromStack(stack);
  const policies = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
  return Object.entries(template.findResources('AWS::Lambda::Function'))
    .filter(([, { Properties }]) => ActionsEnvironment.ACTIONS in (Properties.Environment?.Variables ?? {}))
    .map(([id, { Properties }]) => ({
      id,
      actions: JSON.parse(flat(Properties.Environment.Variables[ActionsEnvironment.ACTIONS])) as RotatedActionFacts[],
      variables: Properties.Environment.Variables,
      statements: policies
        .find((policy) => policy.Properties.Roles[0].Ref === Properties.Role['Fn::GetAtt'][0])!
        .Properties.PolicyDocument.Statement.map((statement: object) => JSON.parse(JSON.stringify(statement, flatten)) as object),
    }));
}

/** Seconds that messages wait in the queue of the function after rotations. */
export function queueDelay(stack: Stack): number {
  const queues = Object.values(Template.fromStack(stack).findResources('AWS::SQS::Queue'));
  return queues.find(({ Properties }) => Properties.RedrivePolicy)!.Properties.DelaySeconds as number;
}

/** The statement with an action. */
export function allowing(actions: DeployedActions, action: string): Record<string, any>[] {
  return actions.statements.filter(({ Action }) => [Action].flat().includes(action));
}

function flatten(_: string, value: unknown): unknown {
  const isReference = typeof value === 'object' && value !== null && Object.keys(value).some((key) => /^(Ref$|Fn::)/.test(key));
  return isReference ? flat(value) : value;
}

/** A text with references in it, as one text. */
export function flat(value: any): string {
  if (typeof value === 'string') {
    return value;
  }
  if ('Ref' in value) {
    return `<${value.Ref}>`;
  }
  if ('Fn::GetAtt' in value) {
    return `<${value['Fn::GetAtt'].join('.')}>`;
  }
  if ('Fn::ImportValue' in value) {
    return `<import ${flat(value['Fn::ImportValue'])}>`;
  }
  const [separator, parts] = value['Fn::Join'];
  return parts.map(flat).join(separator);
}
