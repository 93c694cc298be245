import { InstanceClass, InstanceSize, InstanceType, type IVpc, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Cluster, type ICluster, IdentityType, KubectlProvider } from 'aws-cdk-lib/aws-eks';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Credentials, DatabaseInstance, DatabaseInstanceEngine, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib/core';
import {
  DatabaseTarget, HardenedSecret, KubernetesIdentity, RotatedAction, Rotation, RotationNetwork, SecretContent,
  SecretsManagerEndpoint,
} from 'cdk-secretsmanager-patterns';
import type { Construct } from 'constructs';
import { deploymentOf, NAME } from './deployment';
import { Rollout } from './rollout';
import type { TeamCluster } from './team-cluster';

const PERSONNEL_PORT = 6432;

export interface OnEksStackProps extends StackProps {
  readonly teamCluster: TeamCluster;
  /** The application with its Dockerfile, bundled. */
  readonly applicationFolder: string;
}

/** MyCustomApp in a cluster that others keep: its pods mount their credentials as a file, and are replaced after a rotation. */
export class OnEksStack extends Stack {
  constructor(scope: Construct, id: string, { teamCluster, applicationFolder, ...props }: OnEksStackProps) {
    super(scope, id, props);
    const { vpcId, availabilityZones, isolatedSubnetIds, isolatedSubnetRouteTableIds, namespace } = teamCluster;
    const vpc = Vpc.fromVpcAttributes(this, 'Vpc', { vpcId, availabilityZones, isolatedSubnetIds, isolatedSubnetRouteTableIds });
    const cluster = this.cluster(vpc, teamCluster);

    const admin = new HardenedSecret(this, 'PersonnelAdmin', {
      description: 'Administers the Personnel database and rotates its users',
      content: SecretContent.databaseCredentials({ username: 'personnel_admin' }),
    });
    const instance = new DatabaseInstance(this, 'Personnel', {
      vpc,
      vpcSubnets: { subnets: vpc.isolatedSubnets },
      engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17_6 }),
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MICRO),
      multiAz: true,
      port: PERSONNEL_PORT,
      credentials: Credentials.fromSecret(admin.secret, 'personnel_admin'),
      storageEncrypted: true,
      deletionProtection: true,
      backupRetention: Duration.days(7),
      cloudwatchLogsExports: ['postgresql', 'upgrade'],
      monitoringInterval: Duration.minutes(1),
    });
    const nodes = SecurityGroup.fromSecurityGroupId(this, 'Nodes', teamCluster.nodeSecurityGroupId, { mutable: false });
    instance.connections.allowFrom(nodes, Port.tcp(PERSONNEL_PORT), 'MyCustomApp to the Personnel database');
    // What leads out of an imported VPC is not known: this is for the rotation alone. Nodes have their own way.
    const network = RotationNetwork.of({
      vpc, vpcSubnets: { subnets: vpc.isolatedSubnets }, endpoint: SecretsManagerEndpoint.forRotationOnly(),
    });
    const personnel = DatabaseTarget.fromRdsInstance(instance, { network });
    admin.addRotation(Rotation.singleUser({ database: personnel }));

    const creds = new HardenedSecret(this, 'MyCustomAppCreds', {
      description: 'MyCustomApp signs in to the Personnel database with it',
      content: SecretContent.databaseCredentials({ username: 'my_custom_app', database: personnel }),
      rotation: Rotation.alternatingUsers({ createWithRoles: ['pg_read_all_data'] }),
    });

    const serviceAccount = cluster.addServiceAccount('MyCustomApp', {
      name: NAME, namespace, identityType: IdentityType.POD_IDENTITY,
    });
    // The cluster has the agent already.
    cluster.node.tryRemoveChild('EksPodIdentityAgentAddon');
    creds.delivery.toCsiDriver(cluster, {
      name: NAME, serviceAccount, identity: KubernetesIdentity.POD_IDENTITY, fileName: 'personnel.json',
    });
    const image = new DockerImageAsset(this, 'Image', { directory: applicationFolder, platform: Platform.LINUX_AMD64 });
    const deployment = cluster.addManifest('Deployment', deploymentOf(namespace, image.imageUri));
    deployment.node.addDependency(serviceAccount, creds);

    // The file is written when a pod is started, so that a new pod has what is current. The former user works until the next
    // rotation, which leaves time for that.
    const { stateMachine } = new Rollout(this, 'Rollout', { cluster, namespace, deployment: NAME });
    creds.onRotated('MyCustomApp', RotatedAction.startExecution(stateMachine));
  }

  private cluster(vpc: IVpc, teamCluster: TeamCluster): ICluster {
    return Cluster.fromClusterAttributes(this, 'Cluster', {
      vpc,
      clusterName: teamCluster.clusterName,
      clusterEndpoint: teamCluster.endpoint,
      clusterCertificateAuthorityData: teamCluster.certificateAuthority,
      kubectlProvider: KubectlProvider.fromKubectlProviderAttributes(this, 'Kubectl', {
        functionArn: teamCluster.kubectlFunctionArn,
        kubectlRoleArn: teamCluster.kubectlRoleArn,
        handlerRole: Role.fromRoleArn(this, 'KubectlHandler', teamCluster.kubectlHandlerRoleArn, { mutable: false }),
      }),
    });
  }
}
