import { DatabaseCluster as DocumentDbCluster } from 'aws-cdk-lib/aws-docdb';
import { InstanceType, SecurityGroup, type Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseInstance,
  DatabaseInstanceEngine,
} from 'aws-cdk-lib/aws-rds';
import { CfnCluster } from 'aws-cdk-lib/aws-redshift';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import {
  type DatabaseConnectionOptions,
  DatabaseEngine,
  DatabaseTarget,
  HardenedSecret,
  Rotation,
  RotationNetwork,
  SecretContent,
  SecretsPlatform,
} from '../../../src';
import { AMAZON_RDS_REGIONS } from '../../../src/contract/amazon-rds-regions';
import { CertificateAuthority } from '../../servers/certificates';
import { isolatedVpc, messageOf, personnelDatabase, testApp } from '../../support/scenario';

const ACCOUNT = '111111111111';
const certificateAuthorities = new CertificateAuthority('Amazon RDS il-central-1 Root CA RSA4096 G1').certificate;
type Make = (stack: Stack, vpc: Vpc, options?: DatabaseConnectionOptions) => DatabaseTarget;

const host = (engine: DatabaseEngine, name = 'db.example.com'): Make => (stack, _, options) =>
  DatabaseTarget.of({ engine, host: name, superuser: new Secret(stack, 'Superuser'), databaseName: 'app', ...options });

const cluster: Make = (stack, vpc, options) =>
  DatabaseTarget.fromRdsCluster(
    new DatabaseCluster(stack, 'Cluster', {
      vpc,
      engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_1 }),
      writer: ClusterInstance.provisioned('Writer'),
      vpcSubnets: { subnets: vpc.isolatedSubnets },
    }),
    options,
  );

const importedInstance: Make = (stack, vpc, options) =>
  DatabaseTarget.fromRdsInstance(
    DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Imported', {
      instanceIdentifier: 'personnel',
      instanceEndpointAddress: 'personnel.cabc.il-central-1.rds.amazonaws.com',
      port: 5432,
      securityGroups: [new SecurityGroup(stack, 'Group', { vpc })],
      engine: DatabaseInstanceEngine.POSTGRES,
    }),
    { superuser: new Secret(stack, 'Superuser'), network: RotationNetwork.of({ vpc }), ...options },
  );

const documentDb: Make = (stack, vpc, options) =>
  DatabaseTarget.fromDocumentDbCluster(
    new DocumentDbCluster(stack, 'DocumentDb', {
      vpc,
      instanceType: new InstanceType('r6g.large'),
      masterUser: { username: 'master' },
      vpcSubnets: { subnets: vpc.isolatedSubnets },
    }),
    options,
  );

const redshift: Make = (stack, vpc, options) =>
  DatabaseTarget.fromRedshiftCluster(
    new CfnCluster(stack, 'Redshift', {
      clusterType: 'single-node',
      dbName: 'dev',
      masterUsername: 'master',
      nodeType: 'ra3.large',
      manageMasterPassword: true,
    }),
    { network: RotationNetwork.of({ vpc }), securityGroups: [new SecurityGroup(stack, 'Group', { vpc })], ...options },
  );

const REGIONAL: [string, Make][] = [
  ['an instance', (stack, vpc, options) => DatabaseTarget.fromRdsInstance(personnelDatabase(stack, vpc), options)],
  ['an imported instance', importedInstance],
  ['a cluster', cluster],
  ['a DocumentDB cluster', documentDb],
  ...DatabaseEngine._ALL.filter(({ _facts }) => !_facts.publicAuthorities)
    .map((engine): [string, Make] => [`a host of ${engine._facts.name}`, host(engine)]),
];

/** A rotation of a database; what synthesis says of it, or nothing. */
function refusal(make: Make, region: string | undefined, rotation = Rotation.singleUserWithSuperuser(), options = {}): string {
  const stack = new Stack(testApp(), 'Stack', { env: { account: ACCOUNT, region } });
  const database = make(stack, isolatedVpc(stack), options);
  return messageOf(() => new HardenedSecret(stack, 'Creds', {
    content: SecretContent.databaseCredentials({ username: 'app', database }), rotation,
  }));
}

describe.each(REGIONAL)('the certificate of %s', (_, make) => {
  test.each(['il-central-1', 'us-gov-west-1', 'cn-north-1', 'eusc-de-east-1'])('cannot be verified in %s', (region) => {
    const where = make === importedInstance ? 'il-central-1' : region;
    expect(refusal(make, region)).toBe('[Stack/Creds] `DatabaseTarget(certificateAuthorities)` is not given, allowed: the '
      + `authorities of the database in PEM text, for the package has none of Amazon RDS in ${where}; download the bundle of the `
      + 'Region from https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html, and give the root '
      + "certificate in it that signed the server's");
  });

  test('can be with authorities that the deployment gives', () => {
    expect(refusal(make, 'il-central-1', undefined, { certificateAuthorities })).toBe('');
  });

  test.each([[undefined], ['us-east-1']])('may be in the Region %s', (region) => {
    if (make !== importedInstance) {
      expect(refusal(make, region)).toBe('');
    }
  });
});

test('the users themselves are refused the same way as those that a superuser changes', () => {
  const stack = new Stack(testApp(), 'Stack', { env: { account: ACCOUNT, region: 'il-central-1' } });
  const admin = new HardenedSecret(stack, 'Admin', { content: SecretContent.databaseCredentials({ username: 'postgres' }) });
  const database = DatabaseTarget.fromRdsInstance(personnelDatabase(stack, isolatedVpc(stack), admin.secret));
  expect(messageOf(() => admin.addRotation(Rotation.singleUser({ database })))).toContain('none of Amazon RDS in il-central-1');
});

test('Amazon Redshift has authorities that are the same everywhere', () => {
  expect(refusal(redshift, 'il-central-1')).toBe('');
});

test.each<[string, string | undefined, string]>([
  ['p.cabc.us-west-2.rds.amazonaws.com', 'us-east-1', 'trusts those of Amazon RDS in its own Region, us-east-1'],
  ['p.cluster-cabc.us-west-2.docdb.amazonaws.com', 'us-east-1', 'it is in us-west-2'],
  ['P.CABC.IL-CENTRAL-1.RDS.AMAZONAWS.COM', undefined, 'none of Amazon RDS in il-central-1'],
  ['p.cabc.rds.cn-north-1.amazonaws.com.cn', undefined, 'none of Amazon RDS in cn-north-1'],
  ['p.cabc.us-gov-west-1.rds.amazonaws.com', 'us-east-1', 'none of Amazon RDS in us-gov-west-1'],
  ['p.cabc.us-west-2.rds.amazonaws.com', undefined, ''],
  ['p.cabc.us-west-2.rds.amazonaws.com', 'us-west-2', ''],
  ['rds.us-west-2.example.com', 'us-east-1', ''],
])('the host %s, in the Region %s: %s', (name, region, message) => {
  const found = refusal(host(DatabaseEngine.POSTGRES, name), region);
  expect(message === '' ? found : found.includes(message)).toBe(message === '' ? '' : true);
});

test('the Region is that of the functions, which are the platform\'s', () => {
  const app = testApp();
  const home = new Stack(app, 'Home', { env: { account: ACCOUNT, region: 'il-central-1' } });
  const stack = new Stack(app, 'Stack', { env: { account: ACCOUNT } });
  const platform = new SecretsPlatform(home, 'Platform', { platformName: 'team' });
  const database = DatabaseTarget.of({ engine: DatabaseEngine.MYSQL, host: 'db.example.com' });
  const secret = new HardenedSecret(stack, 'Creds', { platform, secretName: 'creds' });
  expect(messageOf(() => secret.addRotation(Rotation.singleUser({ database })))).toContain('none of Amazon RDS in il-central-1');
});

test('the Regions are those of which the bundles have a file', () => {
  expect(AMAZON_RDS_REGIONS).toEqual(expect.arrayContaining(['eu-west-1', 'us-east-1', 'us-west-2']));
  expect(AMAZON_RDS_REGIONS).not.toContain('il-central-1');
});
