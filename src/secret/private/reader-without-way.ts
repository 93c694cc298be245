import { CfnInstanceProfile } from 'aws-cdk-lib/aws-iam';
import { Annotations, CfnResource, Stack, Stage } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { append } from '../../core/append';
import { onceFor } from '../../core/once';
import { referencesIn } from '../../core/references';
import { subnetsWithoutWay } from '../../network/private/subnets-without-way';

/** Stable: users acknowledge the warning by this name. */
const READER_WITHOUT_WAY = 'cdk-secretsmanager-patterns:readerWithoutWay';

/** Properties of the resources that run in subnets and read secrets. */
interface Properties {
  readonly role?: unknown;
  readonly vpcConfig?: unknown;
  readonly networkConfiguration?: unknown;
  readonly taskDefinition?: unknown;
  readonly taskRoleArn?: unknown;
  readonly executionRoleArn?: unknown;
  readonly launchType?: unknown;
  readonly iamInstanceProfile?: unknown;
  readonly subnetId?: unknown;
  readonly launchTemplate?: unknown;
  readonly launchTemplateData?: unknown;
  readonly launchConfigurationName?: unknown;
  readonly vpcZoneIdentifier?: unknown;
}

/** A function, an ECS service or instances, by a role that they read secrets with. */
interface Reader {
  readonly resource: CfnResource;
  readonly roles: string[];
  readonly network: unknown;
}

/** Warns of the functions, ECS tasks and instances of a role that read a secret from subnets without a way to Secrets Manager. */
export function warnOfReaderWithoutWay(
  secret: IConstruct, role: IConstruct & { readonly roleArn?: string }, what = 'the secret',
): void {
  if (role.roleArn === undefined) {
    return;
  }
  role.node.addValidation({
    validate: () => {
      for (const { resource, network } of readersOf(role).get(roleKey(role, role.roleArn)) ?? []) {
        const without = subnetsWithoutWay(role);
        const subnet = referencesIn(resource, network).find((target) => without.has(target));
        if (subnet) {
          onceFor(resource, READER_WITHOUT_WAY, () => warn(resource, subnet, `${what} '${secret.node.path}'`));
        }
      }
      return [];
    },
  });
}

function warn(resource: CfnResource, subnet: IConstruct, secret: string): void {
  const reader = resource.node.scope!;
  // At the resource: the oldest AWS CDK looks for what was acknowledged above it only.
  Annotations.of(resource).addWarningV2(READER_WITHOUT_WAY, `'${reader.node.path}' reads ${secret} from the `
    + `isolated subnet '${subnet.node.scope!.node.path}', which has no way to Secrets Manager; add `
    + "vpc.addInterfaceEndpoint('SecretsManager', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER }), or, where a "
    + 'rotation function is in the VPC, give its network '
    + '`endpoint: SecretsManagerEndpoint.forVpc()`');
}

/** Functions, services and instances, by role: one search for a stage. */
function readersOf(scope: IConstruct): Map<string, Reader[]> {
  const stage = Stage.of(scope)!;
  return onceFor(stage, 'readers by role', () => {
    const found = new Map<string, Reader[]>();
    for (const reader of stage.node.findAll().flatMap((construct) => readerOf(construct) ?? [])) {
      reader.roles.forEach((role) => append(found, role, reader));
    }
    return found;
  });
}

function readerOf(resource: IConstruct): Reader | undefined {
  if (!CfnResource.isCfnResource(resource)) {
    return undefined;
  }
  const properties = resource as unknown as Properties;
  switch (resource.cfnResourceType) {
    case 'AWS::Lambda::Function':
      return { resource, roles: [roleKey(resource, properties.role)], network: properties.vpcConfig };
    case 'AWS::ECS::Service':
      return { resource, roles: rolesOfTasks(resource, properties), network: properties.networkConfiguration };
    case 'AWS::EC2::Instance':
      return { resource, roles: rolesOfProfile(resource, properties.iamInstanceProfile), network: properties.subnetId };
    case 'AWS::AutoScaling::AutoScalingGroup':
      return { resource, roles: rolesOfGroup(resource, properties), network: properties.vpcZoneIdentifier };
    default:
      return undefined;
  }
}

/** By a launch template, or by a launch configuration. */
function rolesOfGroup(group: CfnResource, { launchTemplate, launchConfigurationName }: Properties): string[] {
  const launches = referencesIn(group, [launchTemplate, launchConfigurationName]) as (IConstruct & Properties)[];
  return [...new Set(launches)].flatMap((launch) =>
    rolesOfProfile(launch, [launch.launchTemplateData, launch.iamInstanceProfile]));
}

function rolesOfProfile(scope: IConstruct, naming: unknown): string[] {
  return referencesIn(scope, naming).filter((target) => target instanceof CfnInstanceProfile)
    .flatMap((profile) => profile.roles.map((role) => roleKey(profile, role)));
}

/** On EC2 the agent of the instance fetches what the execution role may read, from the instance's own network. */
function rolesOfTasks(service: CfnResource, { taskDefinition, launchType }: Properties): string[] {
  const tasks = referencesIn(service, taskDefinition) as (IConstruct & Properties)[];
  return tasks.flatMap((task) => [task.taskRoleArn, ...launchType === 'FARGATE' ? [task.executionRoleArn] : []]
    .map((role) => roleKey(task, role)));
}

/** The same for a role of the app wherever it is named, and for an imported one in the same stack. */
function roleKey(scope: IConstruct, role: unknown): string {
  const [resource] = referencesIn(scope, role).filter((target) => CfnResource.isCfnResource(target));
  return resource?.node.path ?? JSON.stringify([Stack.of(scope).resolve(role)]);
}
