import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { BuildEnvironmentVariableType, BuildSpec, Project } from 'aws-cdk-lib/aws-codebuild';
import {
  AmazonLinuxCpuType, Instance, InstanceClass, InstanceSize, InstanceType, InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService,
  LaunchTemplate, MachineImage, RouterType, type Subnet, SubnetType, Vpc, type VpcProps,
} from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage, FargateService, FargateTaskDefinition, Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import {
  AccountPrincipal, AccountRootPrincipal, ArnPrincipal, CfnPolicy, type IGrantable, type IRole, ManagedPolicy, PolicyDocument,
  PolicyStatement, Role, ServicePrincipal, User,
} from 'aws-cdk-lib/aws-iam';
import { type CfnKey, Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Annotations as CoreAnnotations, App, Stack, Stage } from 'aws-cdk-lib/core';
import {
  DatabaseTarget, HardenedSecret, type HardenedSecretProps, Rotation, RotationNetwork, SecretContent, SecretEncryption,
  SecretHardening,
} from '../../src';
import { isolatedVpc, personnelDatabase, testApp } from '../support/scenario';

const environment = { account: '111111111111', region: 'eu-west-1' };
const stackOf = (env?: typeof environment) => new Stack(testApp(), 'Stack', { env });
const secretIn = (stack: Stack, props?: HardenedSecretProps) =>
  new HardenedSecret(stack, 'Token', { rotation: Rotation.none('test'), ...props });
const warnings = (stack: Stack, id: string): string[] => Annotations.fromStack(stack)
  .findWarning('*', Match.stringLikeRegexp(`\\[ack: cdk-secretsmanager-patterns:${id}\\]`)).map(({ entry }) => String(entry.data));

describe('a reader in subnets without a way to Secrets Manager', () => {
  const inline = { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('0') };
  const machine = {
    instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MICRO),
    machineImage: MachineImage.latestAmazonLinux2023({ cpuType: AmazonLinuxCpuType.ARM_64 }),
  };
  const functionIn = (stack: Stack, vpc: Vpc, id = 'Reader', role?: IRole) =>
    new LambdaFunction(stack, id, { ...inline, vpc, vpcSubnets: { subnets: vpc.isolatedSubnets }, role });
  const serviceIn = (stack: Stack, vpc: Vpc, taskDefinition: FargateTaskDefinition) => new FargateService(stack, 'Service', {
    cluster: new Cluster(stack, 'Cluster', { vpc }), taskDefinition, vpcSubnets: { subnets: vpc.isolatedSubnets },
  });
  const taskIn = (stack: Stack, options = {}) => {
    const task = new FargateTaskDefinition(stack, 'Task');
    task.addContainer('c', { image: ContainerImage.fromRegistry('a'), ...options });
    return task;
  };
  const way = (vpc: Vpc) => vpc.addInterfaceEndpoint('Way', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER });

  test.each<[string, (stack: Stack, vpc: Vpc, secret: HardenedSecret) => void]>([
    ['function', (stack, vpc, secret) => secret.grants.read(functionIn(stack, vpc))],
    ['function by its role', (stack, vpc, secret) => secret.secret.grantRead(functionIn(stack, vpc).role!)],
    ['task', (stack, vpc, secret) => {
      const task = taskIn(stack);
      serviceIn(stack, vpc, task);
      secret.grants.read(task.taskRole);
    }],
    ['container by its execution role',
      (stack, vpc, { secret }) => {
        serviceIn(stack, vpc, taskIn(stack, { secrets: { A: EcsSecret.fromSecretsManager(secret) } }));
      }],
    ['function whose VPC has an endpoint of another service', (stack, vpc, secret) => {
      vpc.addInterfaceEndpoint('Other', { service: InterfaceVpcEndpointAwsService.SQS });
      secret.grants.read(functionIn(stack, vpc));
    }],
    ['function beside an endpoint of rotation functions', (stack, vpc, secret) => {
      new HardenedSecret(stack, 'Rotated', { network: RotationNetwork.of({ vpc }), rotation: Rotation.regenerate() });
      secret.grants.read(functionIn(stack, vpc));
    }],
    ['instance', (stack, vpc, secret) => secret.grants.read(new Instance(stack, 'Reader', {
      ...machine, vpc, vpcSubnets: { subnets: vpc.isolatedSubnets },
    }))],
    ['instance of a group', (stack, vpc, secret) => secret.grants.read(new AutoScalingGroup(stack, 'Reader', {
      ...machine, vpc, vpcSubnets: { subnets: vpc.isolatedSubnets },
    }))],
    ['instance of a group with a launch template', (stack, vpc, secret) => {
      const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
      const launchTemplate = new LaunchTemplate(stack, 'Template', { ...machine, role });
      new AutoScalingGroup(stack, 'Reader', { vpc, vpcSubnets: { subnets: vpc.isolatedSubnets }, launchTemplate });
      secret.grants.read(role);
    }],
    ['function with an imported role', (stack, vpc, secret) => {
      const role = Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111111111111:role/r');
      functionIn(stack, vpc, 'Reader', role);
      secret.grants.read(role);
    }],
  ])('is a warning: %s', (_, read) => {
    const stack = stackOf();
    read(stack, isolatedVpc(stack), secretIn(stack));
    const [message, ...others] = warnings(stack, 'readerWithoutWay');
    expect(message).toMatch(/^'Stack\/(Reader|Service)' reads the secret 'Stack\/Token.*' from the isolated subnet '/);
    expect(message).toContain('vpc.addInterfaceEndpoint(');
    expect(others).toEqual([]);
  });

  test('is one warning for however many secrets, in stages too, and can be acknowledged', () => {
    const stage = new Stage(testApp(), 'Stage');
    const [network, stack] = [new Stack(stage, 'Network'), new Stack(stage, 'Stack')];
    const vpc = isolatedVpc(network);
    const [reader, acknowledged] = ['Reader', 'Acknowledged'].map((id) => functionIn(stack, vpc, id));
    CoreAnnotations.of(acknowledged).acknowledgeWarning('cdk-secretsmanager-patterns:readerWithoutWay');
    for (const id of ['A', 'B']) {
      const { grants } = new HardenedSecret(stack, id, { rotation: Rotation.none('test') });
      [reader, acknowledged].forEach((one) => grants.read(one));
    }
    expect(warnings(stack, 'readerWithoutWay')).toEqual([expect.stringContaining("'Stage/Stack/Reader' reads")]);
  });

  const egress: VpcProps = {
    subnetConfiguration: [
      { name: 'out', subnetType: SubnetType.PUBLIC }, { name: 'isolated', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    ],
  };
  test.each<[string, (stack: Stack, vpc: Vpc, secret: HardenedSecret) => void]>([
    ['an endpoint', (_stack, vpc) => void way(vpc)],
    ['an endpoint without private DNS, which the reader may know', (_stack, vpc) => void vpc.addInterfaceEndpoint('Way', {
      service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER, privateDnsEnabled: false,
    })],
    ['a route', (_stack, vpc) => (vpc.isolatedSubnets as Subnet[]).forEach((subnet) => subnet.addRoute('Out', {
      routerId: 'tgw-1', routerType: RouterType.TRANSIT_GATEWAY,
    }))],
    ['an imported endpoint, whose VPC nobody knows', (stack) => {
      InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Way', { vpcEndpointId: 'vpce-1', port: 443 });
    }],
  ])('is not judged with %s', (_, add) => {
    const stack = stackOf();
    const [vpc, secret] = [isolatedVpc(stack), secretIn(stack)];
    secret.grants.read(functionIn(stack, vpc));
    add(stack, vpc, secret);
    expect(warnings(stack, 'readerWithoutWay')).toEqual([]);
  });

  test('is none with a gateway for translation, in an imported VPC, for a user, and for who may only write', () => {
    const stack = stackOf(environment);
    const secret = secretIn(stack);
    const vpc = new Vpc(stack, 'Routed', egress);
    const imported = Vpc.fromVpcAttributes(stack, 'Imported', {
      vpcId: 'vpc-1', availabilityZones: ['a'], isolatedSubnetIds: ['subnet-1'], isolatedSubnetRouteTableIds: ['rtb-1'],
    }) as Vpc;
    secret.grants.read(new LambdaFunction(stack, 'WithEgress', { ...inline, vpc }));
    secret.grants.read(functionIn(stack, imported, 'InImported'));
    secret.grants.read(new User(stack, 'User'));
    secret.grants.write(functionIn(stack, isolatedVpc(stack), 'Writer'));
    expect(warnings(stack, 'readerWithoutWay')).toEqual([]);
  });

  test('is none for the execution role of tasks on instances, whose agent has a network of its own', () => {
    const stack = stackOf();
    const [vpc, secret] = [isolatedVpc(stack), secretIn(stack)];
    const service = serviceIn(stack, vpc, taskIn(stack, { secrets: { A: EcsSecret.fromSecretsManager(secret.secret) } }));
    (service.node.findChild('Service') as unknown as { launchType: string }).launchType = 'EC2';
    expect(warnings(stack, 'readerWithoutWay')).toEqual([]);
  });
});

describe('a role that may read and not decrypt', () => {
  const project = (stack: Stack, value: string) => new Project(stack, 'Build', {
    buildSpec: BuildSpec.fromObject({ version: '0.2' }),
    environmentVariables: { TOKEN: { type: BuildEnvironmentVariableType.SECRETS_MANAGER, value } },
  });
  const roleOf = (stack: Stack, options = {}) =>
    new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com'), ...options });
  const reading = (arn: string) => new PolicyStatement({ actions: ['secretsmanager:Get*'], resources: [arn] });
  const decrypting = (arn: string) => new PolicyStatement({ actions: ['kms:Decrypt'], resources: [arn] });

  test.each<[string, HardenedSecretProps, (stack: Stack, secret: HardenedSecret) => void]>([
    ['variable of a build', {}, (stack, { secretArn }) => void project(stack, secretArn)],
    ['variable of a build, by name', { secretName: 'team/token' }, (stack) => void project(stack, 'team/token')],
    ['statement of a policy', {}, (stack, { secretArn }) => void roleOf(stack).addToPolicy(reading(secretArn))],
    ['inline policy', {}, (stack, { secretArn }) => void roleOf(stack, {
      inlinePolicies: { read: new PolicyDocument({ statements: [reading(secretArn)] }) },
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole')],
    })],
    ['managed policy', {}, (stack, { secretArn }) => {
      const policy = new ManagedPolicy(stack, 'Policy', { statements: [reading(secretArn)] });
      roleOf(stack, { managedPolicies: [policy] });
    }],
    ['policy as JSON', {}, (stack, { secretArn }) => void new CfnPolicy(stack, 'Policy', {
      policyName: 'p',
      roles: [roleOf(stack).roleName],
      policyDocument: { Statement: { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secretArn } },
    })],
    ['role with another key', {}, (stack, { secretArn }) => {
      const role = roleOf(stack, { roleName: 'reader' });
      role.addToPolicy(reading(secretArn));
      new Key(stack, 'Other').grantDecrypt(role);
    }],
  ])('is a warning: %s', (_, props, read) => {
    const stack = stackOf(environment);
    const secret = secretIn(stack, props);
    read(stack, secret);
    const [message, ...others] = warnings(stack, 'readerWithoutDecrypt');
    expect(message).toMatch(/^the role 'Stack\/(Build\/)?Role' may read the secret 'Stack\/Token' and not decrypt/);
    expect(message).toContain('grants.read(role)');
    expect(others).toEqual([]);
  });

  test('is one of a secret that is attached to a database', () => {
    const stack = stackOf();
    const database = DatabaseTarget.fromRdsInstance(personnelDatabase(stack, isolatedVpc(stack)));
    const { secretArn } = secretIn(stack, {
      content: SecretContent.databaseCredentials({ username: 'app', database }), rotation: Rotation.alternatingUsers(),
    });
    project(stack, secretArn);
    expect(warnings(stack, 'readerWithoutDecrypt')).toHaveLength(1);
  });

  test('is one of a secret that another construct made, too', () => {
    const stack = stackOf();
    const plain = new Secret(stack, 'Token', { encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) });
    SecretHardening.fromSecret(plain);
    project(stack, plain.secretArn);
    expect(warnings(stack, 'readerWithoutDecrypt')).toHaveLength(1);
  });

  test.each<[string, HardenedSecretProps, (stack: Stack, secret: HardenedSecret) => void]>([
    ['a grant', {}, (stack, secret) => void secret.grants.read(project(stack, secret.secretArn))],
    ['the AWS managed key', { encryption: SecretEncryption.awsManagedKey() },
      (stack, { secretArn }) => void project(stack, secretArn)],
    ['permission for all keys', {}, (stack, { secretArn }) => void project(stack, secretArn).addToRolePolicy(decrypting('*'))],
    ['permission for the key', {}, (stack, { secretArn, encryptionKey }) =>
      void project(stack, secretArn).addToRolePolicy(decrypting(encryptionKey!.keyArn))],
    ['a policy that the app does not know', {}, (stack, { secretArn }) => void roleOf(stack, {
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess')],
    }).addToPolicy(reading(secretArn))],
    ['the policy of the key', {}, (stack, { secretArn, encryptionKey }) => {
      const { role } = project(stack, secretArn);
      const actions = ['kms:Decrypt'];
      encryptionKey!.addToResourcePolicy(new PolicyStatement({ principals: [role!], actions, resources: ['*'] }));
    }],
    ['the policy of the key, by name', {}, (stack, { secretArn, encryptionKey }) => {
      roleOf(stack, { roleName: 'reader' }).addToPolicy(reading(secretArn));
      encryptionKey!.addToResourcePolicy(new PolicyStatement({
        principals: [new ArnPrincipal('arn:aws:iam::111111111111:role/reader')], actions: ['kms:Decrypt'], resources: ['*'],
      }));
    }],
    ['a policy of the key for everybody', {}, (_stack, { encryptionKey }) => {
      (encryptionKey!.node.defaultChild as CfnKey).keyPolicy = {
        Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }],
      };
    }],
    ['permission for all but something', {}, (stack, { secretArn }) => {
      const role = roleOf(stack);
      role.addToPolicy(reading(secretArn));
      role.addToPolicy(new PolicyStatement({ notActions: ['iam:*'], notResources: ['arn:aws:s3:::bucket'] }));
    }],
    ['a role in another Region, where the secret of the name is another', { secretName: 'team/token' }, (stack) => {
      project(new Stack(stack.node.root as App, 'Elsewhere', { env: { ...environment, region: 'eu-north-1' } }), 'team/token');
    }],
    ['nothing but permission to describe it', {}, (stack, { secretArn }) => void roleOf(stack).addToPolicy(new PolicyStatement({
      actions: ['secretsmanager:DescribeSecret'], resources: [secretArn],
    }))],
  ])('is none with %s', (_, props, read) => {
    const stack = stackOf();
    const secret = secretIn(stack, props);
    read(stack, secret);
    expect(warnings(stack, 'readerWithoutDecrypt')).toEqual([]);
  });
});

describe('a principal of another account', () => {
  const read = (principal: IGrantable, props?: HardenedSecretProps, env: typeof environment | undefined = environment) => {
    const stack = stackOf(env);
    secretIn(stack, props).grants.read(principal);
    return warnings(stack, 'otherAccount');
  };

  test.each<[string, IGrantable]>([
    ['an account', new AccountPrincipal('222222222222')],
    ['a role by its ARN', new ArnPrincipal('arn:aws:iam::222222222222:role/reader')],
  ])('is a warning with what it has to add: %s', (_, principal) => {
    const [message] = read(principal, { secretName: 'token' });
    expect(message).toContain('is of the account 222222222222');
    expect(message).toContain('{"Effect":"Allow","Action":["secretsmanager:DescribeSecret","secretsmanager:GetSecretValue"],'
      + '"Resource":"arn:aws:secretsmanager:eu-west-1:111111111111:secret:token-??????"}');
    expect(message).toContain('"Action":["kms:Decrypt"],"Resource":"<ARN of the key>",'
      + '"Condition":{"StringEquals":{"kms:ViaService":["secretsmanager.eu-west-1.amazonaws.com"]}}}');
  });

  test('is shown the key where its ARN is known', () => {
    const stack = stackOf(environment);
    const policy = { addToResourcePolicy: () => ({ statementAdded: true }) };
    const key = Object.assign(Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1'), policy);
    secretIn(stack, { encryption: SecretEncryption.key(key) }).grants.read(new AccountPrincipal('222222222222'));
    const [message] = warnings(stack, 'otherAccount');
    expect(message).toContain('"Resource":"<ARN of the secret>"');
    expect(message).toContain('"Resource":"arn:aws:kms:eu-west-1:111111111111:key/1"');
  });

  test('is one with an account that is known and a Region that is not', () => {
    const stack = new Stack(testApp(), 'Stack', { env: { account: '111111111111' } });
    secretIn(stack, { secretName: 'token' }).grants.read(new AccountPrincipal('222222222222'));
    expect(warnings(stack, 'otherAccount')).toEqual([expect.stringContaining('secretsmanager.<Region>.amazonaws.com')]);
  });

  test('is none of the account of the secret, where the accounts are not known, and of a role of the app', () => {
    expect(read(new ArnPrincipal('arn:aws:iam::111111111111:role/reader'))).toEqual([]);
    const unknown = stackOf();
    secretIn(unknown).grants.read(new AccountPrincipal('222222222222'));
    expect(warnings(unknown, 'otherAccount')).toEqual([]);
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: environment });
    const other = new Stack(app, 'Other', { env: { ...environment, account: '222222222222' } });
    secretIn(stack, { secretName: 'token' }).grants.read(new Role(other, 'Role', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'), roleName: 'reader',
    }));
    expect(warnings(stack, 'otherAccount')).toEqual([]);
    const roleIn = (scope: Stack) => scope.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: 'r' });
    expect(read(new ArnPrincipal(roleIn(other)))).toHaveLength(1);
    expect(read(new AccountRootPrincipal())).toEqual([]);
    expect(read(new ArnPrincipal(roleIn(stackOf())))).toEqual([]);
  });
});

