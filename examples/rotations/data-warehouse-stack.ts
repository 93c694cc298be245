import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnCluster, CfnClusterSubnetGroup } from 'aws-cdk-lib/aws-redshift';
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import { DatabaseTarget, HardenedSecret, Rotation, RotationNetwork, SecretContent } from 'cdk-secretsmanager-patterns';
import type { Construct } from 'constructs';

/** Users of an Amazon Redshift cluster, whose admin secret is its own. */
export class DataWarehouseStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
    });
    const securityGroup = new SecurityGroup(this, 'WarehouseSecurityGroup', { vpc });
    const subnetIds = vpc.isolatedSubnets.map(({ subnetId }) => subnetId);
    const subnets = new CfnClusterSubnetGroup(this, 'Subnets', { description: 'Of the warehouse', subnetIds });
    const warehouse = new CfnCluster(this, 'Warehouse', {
      clusterType: 'single-node',
      nodeType: 'ra3.large',
      dbName: 'warehouse',
      masterUsername: 'administrator',
      manageMasterPassword: true,
      encrypted: true,
      clusterSubnetGroupName: subnets.ref,
      vpcSecurityGroupIds: [securityGroup.securityGroupId],
    });

    new HardenedSecret(this, 'ReportsUser', {
      content: SecretContent.databaseCredentials({
        username: 'reports',
        database: DatabaseTarget.fromRedshiftCluster(warehouse, {
          network: RotationNetwork.of({ vpc }),
          securityGroups: [securityGroup],
        }),
      }),
      rotation: Rotation.alternatingUsers(),
    });
  }
}
