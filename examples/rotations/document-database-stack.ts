import { DatabaseCluster } from 'aws-cdk-lib/aws-docdb';
import { InstanceClass, InstanceSize, InstanceType, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import { DatabaseTarget, HardenedSecret, Rotation, SecretContent } from 'cdk-secretsmanager-patterns';
import type { Construct } from 'constructs';

/** Users of an Amazon DocumentDB cluster. */
export class DocumentDatabaseStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
    });
    const cluster = new DatabaseCluster(this, 'Catalogue', {
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MEDIUM),
      engineVersion: '5.0.0',
      masterUser: { username: 'administrator' },
    });

    new HardenedSecret(this, 'CatalogueUser', {
      content: SecretContent.databaseCredentials({
        username: 'catalogue',
        database: DatabaseTarget.fromDocumentDbCluster(cluster),
      }),
      rotation: Rotation.alternatingUsers({ createWithRoles: ['readWriteAnyDatabase'] }),
    });
  }
}
