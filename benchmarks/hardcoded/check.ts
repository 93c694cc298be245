import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { ContainerImage, FargateTaskDefinition, LogDrivers, Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Stack } from 'aws-cdk-lib/core';
import { HardcodedCredentialCheck } from '../../src';

/** Ten resources each: a function and a task with a table, a secret, roles, policies and a log group. No code is there twice. */
const PARTS = 100;
const CODE = 'exports.handler = async () => JSON.parse((await client.send(new GetSecretValueCommand(arn))).SecretString);\n';

/** Synthesises 1,000 resources, and writes down what the check takes after that. */
function main(): void {
  const app = new App({ analyticsReporting: false, context: { '@aws-cdk/core:stackResourceLimit': 0 } });
  const stack = new Stack(app, 'Shop');
  for (let nth = 0; nth < PARTS; nth++) {
    const secret = new Secret(stack, `Secret${nth}`, { secretName: `shop/${nth}` });
    const table = new Table(stack, `Table${nth}`, { partitionKey: { name: 'id', type: AttributeType.STRING } });
    const reader = new LambdaFunction(stack, `Function${nth}`, {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline(`// ${nth}\n${CODE.repeat(4)}`),
      environment: { LOG_LEVEL: 'info', TABLE: table.tableName, SECRET_ARN: secret.secretArn },
    });
    secret.grantRead(reader);
    table.grantReadWriteData(reader);
    new FargateTaskDefinition(stack, `Task${nth}`).addContainer('web', {
      image: ContainerImage.fromRegistry('nginx'),
      environment: { STAGE: 'prod', DATABASE_HOST: `db${nth}.internal` },
      secrets: { PASSWORD: ContainerSecret.fromSecretsManager(secret) },
      logging: LogDrivers.awsLogs({ streamPrefix: 'web' }),
    });
  }
  const assembly = app.synth();
  const before = process.cpuUsage();
  const found = new HardcodedCredentialCheck().findInAssembly(assembly);
  const { user, system } = process.cpuUsage(before);
  if (found.length > 0) {
    throw new Error(`There is none to be found: ${found[0].property}`);
  }
  process.stdout.write(String((user + system) / 1000));
}

main();
