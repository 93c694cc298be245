import type { Template } from 'aws-cdk-lib/assertions';
import { InstanceClass, InstanceSize, InstanceType, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion, ClusterInstance, Credentials, DatabaseCluster, DatabaseClusterEngine, DatabaseInstance,
  DatabaseInstanceEngine, PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, type Stack } from 'aws-cdk-lib/core';

/** An app that publishes no assets: what the functions hold does not matter to templates. */
export function testApp(): App {
  return new App({ postCliContext: { 'aws:cdk:disable-asset-staging': true, '@aws-cdk/aws-iam:minimizePolicies': true } });
}

/** A VPC with isolated subnets only. */
export function isolatedVpc(stack: Stack, id = 'Vpc'): Vpc {
  return new Vpc(stack, id, {
    natGateways: 0,
    subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
  });
}

/** The Personnel database of the basic scenario. */
export function personnelDatabase(stack: Stack, vpc: Vpc, admin?: ISecret): DatabaseInstance {
  return new DatabaseInstance(stack, 'Personnel', {
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MICRO),
    engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 }),
    credentials: admin && Credentials.fromSecret(admin, 'postgres'),
  });
}

/** A cluster whose first password is that of an admin secret, in a VPC of its own. */
export function auroraCluster(stack: Stack, admin: ISecret): DatabaseCluster {
  const vpc = isolatedVpc(stack);
  return new DatabaseCluster(stack, 'Cluster', {
    vpc,
    vpcSubnets: { subnets: vpc.isolatedSubnets },
    engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_6 }),
    credentials: Credentials.fromSecret(admin, 'pgadmin'),
    writer: ClusterInstance.serverlessV2('Writer'),
  });
}

/** The message of what a function throws; empty where it throws nothing. */
export function messageOf(act: () => unknown): string {
  try {
    act();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/** The only resource of a type whose logical id begins so. */
export function only(template: Template, type: string, prefix = ''): { id: string; resource: Record<string, any> } {
  const found = Object.entries(template.findResources(type)).filter(([id]) => id.startsWith(prefix));
  expect(found.map(([id]) => id)).toHaveLength(1);
  return { id: found[0][0], resource: found[0][1] };
}
