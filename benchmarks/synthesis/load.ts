import { createRequire } from 'node:module';
import { InstanceClass, InstanceSize, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { DatabaseInstance, DatabaseInstanceEngine, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Stack } from 'aws-cdk-lib/core';
import { vpcOf } from './vpc';

/** Loads this library into an app with a VPC, a database and a secret, which has loaded much of the AWS CDK. */
function main(): void {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Stack');
  new DatabaseInstance(stack, 'Database', {
    vpc: vpcOf(stack),
    vpcSubnets: { subnetGroupName: 'isolated' },
    engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 }),
    instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MICRO),
  });
  new Secret(stack, 'Secret');
  const before = process.cpuUsage();
  createRequire(__filename)('../../src');
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(JSON.stringify({ milliseconds: (user + system) / 1000, kibibytes: process.resourceUsage().maxRSS }));
}

main();
