import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { App, CfnOutput, CfnParameter, CfnResource, NestedStack, Stack, Stage } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { HardcodedCredentialCheck } from '../../src';

const WORD = 'hunter22';
const REASON = 'an emulator in tests, without data of anybody';

function functionIn(scope: Construct, environment: Record<string, string>, id = 'Orders'): LambdaFunction {
  return new LambdaFunction(scope, id, {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
    environment,
  });
}

/** The CLI of the AWS CDK asks for paths in templates. */
const PATHS = { 'aws:cdk:enable-path-metadata': true };

const find = (app: App) => new HardcodedCredentialCheck().findInAssembly(app.synth());

/** What a plugin reports through the AWS CDK, which sets an exit code for whoever runs the app. */
function reported(make: (app: App) => void) {
  const silent = [jest.spyOn(console, 'error'), jest.spyOn(console, 'log')].map((spy) => spy.mockImplementation(() => undefined));
  const before = process.exitCode;
  try {
    const app = new App({
      policyValidationBeta1: [new HardcodedCredentialCheck()], context: { ...PATHS, '@aws-cdk/core:validationReportJson': true },
    });
    make(app);
    const { directory } = app.synth();
    const report = readFileSync(join(directory, 'policy-validation-report.json'), 'utf8');
    return { report, failed: process.exitCode === 1 };
  } catch (error) {
    // Later versions throw what they report.
    return { report: String(error), failed: true };
  } finally {
    process.exitCode = before;
    silent.forEach((spy) => spy.mockRestore());
  }
}

describe('as a plugin', () => {
  test('fails the synthesis, and names the construct, the property and the fix', () => {
    const { report, failed } = reported((app) => functionIn(new Stack(app, 'Shop'), { DB_PASSWORD: WORD }));
    expect(failed).toBe(true);
    expect(report).toContain('[Shop/Orders/Resource] Environment.Variables.DB_PASSWORD');
    expect(report).toContain('HardenedSecret');
    expect(report).not.toContain(WORD);
  });

  test('lets an app without findings pass', () => {
    const { failed, report } = reported((app) => functionIn(new Stack(app, 'Shop'), { SECRET_ARN: 'arn:aws:secretsmanager:x' }));
    expect(failed).toBe(false);
    expect(report).not.toContain('Environment');
  });

  test('has what the plugins of later versions of the AWS CDK have', () => {
    const check = new HardcodedCredentialCheck();
    const app = new App({ context: PATHS });
    const stack = new Stack(app, 'Shop');
    functionIn(stack, { DB_PASSWORD: WORD });
    const template = app.synth().getStackArtifact(stack.artifactId).templateFullPath;
    const context = { templatePaths: [template], stackTemplates: [{ templatePath: template }], appConstruct: app };
    expect(check.validate(context)).toMatchObject({
      success: false,
      violations: [{
        ruleName: 'credential-name', violatingResources: [{ locations: ['Properties.Environment.Variables.DB_PASSWORD'] }],
      }],
    });
    expect([check.name, check.ruleIds]).toEqual(['HardcodedCredentialCheck', expect.arrayContaining(['issuer-token'])]);
  });
});

describe('as a library', () => {
  test('reads the stacks of stages, and those nested in others', () => {
    const app = new App({ context: PATHS });
    functionIn(new Stack(new Stage(app, 'Prod'), 'Shop'), { DB_PASSWORD: WORD });
    const outer = new Stack(app, 'Outer');
    functionIn(new NestedStack(outer, 'Inner'), { API_PASSWORD: WORD });
    expect(find(app).map(({ path, property }) => [path, property])).toEqual(expect.arrayContaining([
      ['Prod/Shop/Orders/Resource', 'Environment.Variables.DB_PASSWORD'],
      ['Outer/Inner/Orders/Resource', 'Environment.Variables.API_PASSWORD'],
    ]));
  });

  test('names the logical id where a template has no paths', () => {
    const template = { Resources: { Db: { Type: 'AWS::RDS::DBInstance', Properties: { MasterUserPassword: WORD } } } };
    expect(new HardcodedCredentialCheck().findInTemplate(JSON.stringify(template))).toMatchObject([{
      path: 'Db', logicalId: 'Db', property: 'MasterUserPassword', rule: 'credential-property', templatePath: '',
    }]);
  });

  test('takes more properties that are credentials', () => {
    const check = new HardcodedCredentialCheck({ credentialProperties: { 'Acme::Shop::Till': ['Cashiers.Pin'] } });
    const template = { Resources: { Till: { Type: 'Acme::Shop::Till', Properties: { Cashiers: [{ Pin: '4711' }], Pin: '1' } } } };
    expect(check.findInTemplate(JSON.stringify(template)).map(({ property }) => property)).toEqual(['Cashiers[0].Pin']);
  });

  test.each(['', '[]', 'null', '{"a"', 'Resources: {}'])('refuses %j, and repeats nothing of it', (text) => {
    expect(() => new HardcodedCredentialCheck().findInTemplate(text)).toThrow(
      '[HardcodedCredentialCheck] `template` is "not a template in JSON", allowed: a CloudFormation template in JSON, as '
        + 'synthesis writes it; synthesise the app first, and check what that has written',
    );
  });

  test('refuses files that are not there, or no template', () => {
    const directory = mkdtempSync(join(tmpdir(), 'templates-'));
    try {
      const path = join(directory, 'text.json');
      writeFileSync(path, `password=${WORD}`);
      const read = (file: string) => new HardcodedCredentialCheck().validate({ templatePaths: [file] } as never);
      expect(() => read(path)).toThrow('not a template in JSON');
      expect(() => read(path)).not.toThrow(WORD);
      expect(() => read(join(directory, 'none.json'))).toThrow('"not readable"');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test.each([
    ['no list of files', undefined], ['a list that is none', '{"files":[]}'], ['no JSON', 'x'],
    ['other files', '{"files":{"a":1,"b":{"source":{}}}}'],
  ])('reads a template that has %s beside it', (_, list) => {
    const directory = mkdtempSync(join(tmpdir(), 'templates-'));
    try {
      const path = join(directory, 'Shop.template.json');
      writeFileSync(path, JSON.stringify({ Outputs: { AdminPassword: { Value: WORD } } }));
      if (list !== undefined) {
        writeFileSync(join(directory, 'Shop.assets.json'), list);
      }
      expect(new HardcodedCredentialCheck().validate({ templatePaths: [path] } as never).violations).toHaveLength(1);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test('is not confused by templates that no one would deploy', () => {
    const odd = {
      Resources: { A: null, B: { Type: 1 }, C: { Properties: 'x', Metadata: [] }, D: { Properties: { Password: { Ref: 1 } } } },
      Outputs: [],
      Parameters: 'x',
      Metadata: { 'cdk-secretsmanager-patterns:hardcoded-credentials': 'x' },
    };
    expect(new HardcodedCredentialCheck().findInTemplate(JSON.stringify(odd))).toEqual([]);
  });

  test('reads what has an object where a text is to be, whatever is in it', () => {
    const odd = { toString: 0 };
    const properties = { DbPassword: WORD, a: { 'Fn::Sub': odd }, b: { 'Fn::Select': [odd, []] }, c: { Ref: odd } };
    const template = {
      Resources: { A: { Type: odd, Properties: properties } },
      Parameters: { P: { Type: odd, NoEcho: odd, Default: odd } },
      Metadata: { 'cdk-secretsmanager-patterns:hardcoded-credentials': [{ logicalId: odd, property: odd }] },
    };
    expect(new HardcodedCredentialCheck().findInTemplate(JSON.stringify(template)).map(({ rule }) => rule)).toEqual([
      'credential-name', 'acknowledgement-without-finding',
    ]);
  });

  test.each(['toString', 'constructor', '__proto__'])('reads a resource of the type %s, and what has such names', (name) => {
    const template = `{"Resources":{"${name}":{"Type":"${name}","Properties":{"${name}":"x","DbPassword":"${WORD}"},"Metadata":{}}}}`;
    expect(new HardcodedCredentialCheck().findInTemplate(template)).toMatchObject([
      { logicalId: name, path: name, property: 'DbPassword', rule: 'credential-name' },
    ]);
  });
});

describe('acknowledgements', () => {
  test('let findings stay: of resources, outputs and parameters', () => {
    const app = new App({ context: PATHS });
    const stack = new Stack(app, 'Shop');
    const orders = functionIn(stack, { DB_PASSWORD: WORD, API_PASSWORD: WORD });
    const output = new CfnOutput(stack, 'AdminPassword', { value: WORD });
    const parameter = new CfnParameter(stack, 'RootPassword', { default: WORD });
    for (const property of ['Environment.Variables.DB_PASSWORD', 'Properties.Environment.Variables.API_PASSWORD']) {
      HardcodedCredentialCheck.acknowledge(orders, { property, reason: REASON });
    }
    HardcodedCredentialCheck.acknowledge(output, { property: 'Value', reason: REASON });
    HardcodedCredentialCheck.acknowledge(parameter, { property: 'Default', reason: REASON });
    expect(find(app)).toEqual([]);
  });

  test('are in the template with their reason', () => {
    const app = new App({ context: PATHS });
    const stack = new Stack(app, 'Shop');
    const host = new CfnInstance(stack, 'Host', { userData: `export DB_PASSWORD=${WORD}` });
    HardcodedCredentialCheck.acknowledge(host, { property: 'UserData', reason: REASON });
    expect(app.synth().getStackArtifact('Shop').template.Resources.Host.Metadata).toMatchObject({
      'cdk-secretsmanager-patterns:hardcoded-credentials': [{ property: 'UserData', reason: REASON }],
    });
  });

  test('that fit nothing are reported', () => {
    const app = new App({ context: PATHS });
    const stack = new Stack(app, 'Shop');
    const database = new CfnDBInstance(stack, 'Db', { masterUserPassword: WORD });
    HardcodedCredentialCheck.acknowledge(database, { property: 'Password', reason: REASON });
    expect(find(app).map(({ rule, path, property }) => [rule, path, property])).toEqual([
      ['credential-property', 'Shop/Db', 'MasterUserPassword'], ['acknowledgement-without-finding', 'Shop/Db', 'Password'],
    ]);
  });

  test.each([
    [{ property: '', reason: REASON }, '`property` is ""'],
    [{ property: 'UserData', reason: '   ' }, '`reason` is ""'],
    [{ property: 'UserData', reason: 'why not' }, '`reason` is "why not", allowed: 10 to 1,000 characters'],
  ])('are refused where they say too little: %j', (acknowledgement, message) => {
    const resource = new CfnResource(new Stack(new App(), 'Shop'), 'Host', { type: 'AWS::EC2::Instance' });
    expect(() => HardcodedCredentialCheck.acknowledge(resource, acknowledgement)).toThrow(`[Shop/Host] ${message}`);
  });

  test.each([
    [{}, 'acknowledgement.property'], [{ property: 'UserData' }, 'acknowledgement.reason'], [undefined, 'acknowledgement'],
  ])('are refused where JavaScript leaves something out: %j', (acknowledgement, missing) => {
    const resource = new CfnResource(new Stack(new App(), 'Shop'), 'Host', { type: 'AWS::EC2::Instance' });
    expect(() => HardcodedCredentialCheck.acknowledge(resource, acknowledgement as never))
      .toThrow(`\`HardcodedCredentialCheck.acknowledge(${missing})\` is not given`);
  });

  test.each([
    ['a stack', (stack: Stack) => stack],
    ['a construct without a resource', (stack: Stack) => new Construct(stack, 'Empty')],
  ])('are refused for %s', (_, scope) => {
    const stack = new Stack(new App(), 'Shop');
    expect(() => HardcodedCredentialCheck.acknowledge(scope(stack), { property: 'UserData', reason: REASON }))
      .toThrow('give the resource that the finding names');
  });
});
