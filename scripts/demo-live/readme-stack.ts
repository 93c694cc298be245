import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code, Function as LambdaFunction, Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { Credentials, DatabaseInstance, DatabaseInstanceEngine, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import * as ts from 'typescript';
import * as library from '../../src';

const ROOT = join(__dirname, '..', '..');
const LIBRARY = 'cdk-secretsmanager-patterns';

/** The code of the first example of a README. */
export function firstExample(readme: string): string {
  const code = /^```ts fixture=readme\n(.*?)^```$/ms.exec(readme)?.[1];
  if (code === undefined) {
    throw new Error('the README has no example');
  }
  return code;
}

/**
 * The README's first example as it is, with what it takes for granted: a new database, and an application that signs in to it.
 */
export class ReadmeStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { env: { account: '111111111111', region: 'us-east-1' } });
    const personnelInstance = new DatabaseInstance(this, 'Personnel', {
      vpc: new Vpc(this, 'Vpc', { availabilityZones: ['us-east-1a', 'us-east-1b'] }),
      engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17_6 }),
      credentials: Credentials.fromGeneratedSecret('personnel_admin'),
    });
    const myCustomApp = new LambdaFunction(this, 'MyCustomApp', {
      code: Code.fromAsset(join(ROOT, 'examples', 'my-custom-app', 'my-custom-app')),
      handler: 'index.handler',
      runtime: new Runtime('nodejs24.x', RuntimeFamily.NODEJS),
      environment: { SECRET_NAME: 'MyCustomAppCreds' },
    });
    const source = firstExample(readFileSync(join(ROOT, 'README.md'), 'utf8'));
    const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
    const example = compileFunction(outputText, ['exports', 'require', 'personnelInstance', 'myCustomApp']);
    example.call(this, {}, moduleOf, personnelInstance, myCustomApp);
  }
}

/** What the example imports: of the library, the one of this checkout. */
function moduleOf(name: string): unknown {
  if (name !== LIBRARY) {
    throw new Error(`the README's first example imports ${name}, and needs no more than ${LIBRARY}`);
  }
  return library;
}
