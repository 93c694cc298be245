import { App, CfnResource, Stack } from 'aws-cdk-lib/core';
import { expand } from './corpus/corpus';
import { HardcodedCredentialCheck } from '../../src';

const WORD = 'hunter22';
const path = (of: string) => ({ Metadata: { 'aws:cdk:path': of } });
const secret = (of: string, properties: object = {}) => ({
  Type: 'AWS::SecretsManager::Secret',
  Properties: properties,
  ...path(of),
});
const resource = (Type: string, Properties: object) => ({ Type, Properties, ...path('Shop/Subject/Resource') });

function findings(resources: object, sections: object = {}) {
  return new HardcodedCredentialCheck().findInTemplate(JSON.stringify({ Resources: resources, ...sections }));
}

const lambda = (variables: object) => resource('AWS::Lambda::Function', { Environment: { Variables: variables } });

describe('the secret to use', () => {
  const generated = { GenerateSecretString: { GenerateStringKey: 'password', SecretStringTemplate: '{}' } };

  test('is the one that is attached to the database', () => {
    const [finding] = findings({
      Other: secret('Shop/Db/Other', { Name: 'shop-subject-db' }),
      Admin: secret('Shop/Admin/Resource', generated),
      Attachment: {
        Type: 'AWS::SecretsManager::SecretTargetAttachment',
        Properties: { SecretId: { Ref: 'Admin' }, TargetId: { Ref: 'Db' } },
      },
      Db: resource('AWS::RDS::DBInstance', { MasterUserPassword: WORD }),
    });
    expect(finding).toMatchObject({
      secretPath: 'Shop/Admin/Resource',
      fix: "Use the secret 'Shop/Admin/Resource', here `admin`: credentials: rds.Credentials.fromSecret(admin)",
    });
  });

  const password = { 'Fn::Sub': '{{resolve:secretsmanager:${Admin}:SecretString:password}}' };

  test('is the one of the database that an address refers to', () => {
    const [finding] = findings({
      Admin: secret('Shop/Admin/Resource', generated),
      Db: { Type: 'AWS::RDS::DBInstance', Properties: { MasterUserPassword: password } },
      Subject: lambda({ URL: { 'Fn::Join': ['', [`postgres://app:${WORD}@`, { 'Fn::GetAtt': ['Db', 'Endpoint.Address'] }]] } }),
    });
    expect(finding.secretPath).toBe('Shop/Admin/Resource');
  });

  test('is the one whose name has the same words', () => {
    const [finding] = findings({
      Stripe: secret('Shop/StripeKey/Secret/Resource', { Description: 'payments' }),
      Mail: secret('Shop/Mail/Resource', { Name: 'sendgrid' }),
      Subject: lambda({ SENDGRID_API_KEY: 'a1b2c3d4e5f6' }),
    });
    expect(finding).toMatchObject({
      secretPath: 'Shop/Mail/Resource',
      fix: "Use the secret 'Shop/Mail/Resource', here `mail`: mail.grantRead(handler); "
        + "handler.addEnvironment('SENDGRID_API_KEY_SECRET_ARN', mail.secretArn); // read at run time",
    });
  });

  test('is none where no secret fits: a new one is made', () => {
    const [finding] = findings({ Stripe: secret('Shop/StripeKey/Resource'), Subject: lambda({ MAIL_PASSWORD: WORD }) });
    expect(finding.secretPath).toBeUndefined();
    expect(finding.fix).toMatch(/^Make a secret, and put the value in after deployment: .* = new HardenedSecret\(/);
    expect(finding.fix).toContain('secret.grantRead(handler)');
  });
});

const TOKEN = 'a1b2c3d4e5f6';

test.each<[type: string, properties: object, line: string]>([
  ['AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Name: 'web', Environment: [{ Name: 'MAIL_PASSWORD', Value: WORD }] }] },
    "secrets: { MAIL_PASSWORD: ecs.Secret.fromSecretsManager(mail, 'password') }"],
  ['AWS::Batch::JobDefinition', { ContainerProperties: { Environment: [{ Name: 'MAIL_PASSWORD', Value: WORD }] } },
    'batch.Secret.fromSecretsManager(mail'],
  ['AWS::CodeBuild::Project', { Environment: { EnvironmentVariables: [{ Name: 'MAIL_TOKEN', Value: TOKEN }] } },
    'BuildEnvironmentVariableType.SECRETS_MANAGER'],
  ['AWS::EC2::Instance', { UserData: `export MAIL_PASSWORD=${WORD}` },
    'aws secretsmanager get-secret-value --secret-id ${secret.secretArn}'],
  ['AWS::SSM::Parameter', { Name: '/mail/password', Value: WORD }, 'delete the parameter'],
  ['AWS::StepFunctions::StateMachine', { Definition: { MailToken: TOKEN } },
    "events.Authorization.apiKey('MailToken', mail.secretValueFromJson('password'))"],
  ['Custom::Mail', { Password: WORD }, 'properties: { secretArn: mail.secretArn }'],
  ['AWS::AmazonMQ::Broker', { Users: [{ Password: WORD, Username: 'mail' }] },
    "password: mail.secretValueFromJson('password').unsafeUnwrap()"],
  ['AWS::SecretsManager::Secret', { SecretString: WORD }, 'Let the value be generated'],
])('the line for %s', (type, properties, line) => {
  const generated = { GenerateSecretString: { GenerateStringKey: 'password', SecretStringTemplate: '{}' } };
  const [finding] = findings({
    Mail: secret('Shop/Mail/Resource', generated),
    Subject: { ...resource(type, properties), ...path('Shop/Mail/Subject') },
    CDKMetadata: { Type: 'AWS::CDK::Metadata', ...path('Shop/CDKMetadata/Default') },
  });
  expect(finding.fix.replace('${mail.', '${secret.')).toContain(line);
});

test('the line for a value that only numbers name, as an account in a mapping', () => {
  const tokens = { 111122223333: { Ref: 'AWS::Region' }, 444455556666: expand('ghp_⟦any 36⟧') };
  const [finding] = findings({}, { Mappings: { Tokens: tokens } });
  expect(finding).toMatchObject({ property: '444455556666', fix: expect.stringContaining('; value: secret.secretValue') });
});

test('the line for outputs, parameters and secrets without fields', () => {
  const found = findings({ TLS: secret('TLS/Resource') }, {
    Outputs: { TlsPassword: { Value: WORD } }, Parameters: { TlsPassword: { Type: 'String', Default: WORD } },
  });
  expect(found.map(({ fix }) => fix)).toEqual([
    expect.stringContaining('new CfnOutput('), expect.stringContaining('Remove the default'),
  ]);
  const [token] = findings({ TLS: secret('tls-key/Resource'), Subject: resource('Acme::Tls::Key', { TlsToken: TOKEN }) });
  expect(token.fix).toBe("Use the secret 'tls-key/Resource', here `tlsKey`: tlsToken: tlsKey.secretValue.unsafeUnwrap() "
    + '// a dynamic reference: CloudFormation resolves it');
});

describe('among secrets', () => {
  const mailbox = resource('Acme::Mail::Box', { MailPassword: WORD });

  test('one in capitals is called by its name', () => {
    expect(findings({ Mail: secret('MAIL'), Subject: mailbox })).toMatchObject([
      { secretPath: 'MAIL', fix: expect.stringContaining('here `mail`') },
    ]);
  });

  test.each(['決済', '2026', '--'])('one of id %j gets a variable that code can have', (id) => {
    const [finding] = findings({ Mail: secret(`Shop/${id}/Resource`, { Name: 'mail' }), Subject: mailbox });
    expect(finding.fix).toBe(`Use the secret 'Shop/${id}/Resource', here \`value\`: mailPassword: value.secretValue.unsafeUnwrap() `
      + '// a dynamic reference: CloudFormation resolves it');
  });

  test('one that is attached has a field for the password, whatever made it', () => {
    const [finding] = findings({
      Mail: secret('Shop/Mail/Resource'),
      Attachment: {
        Type: 'AWS::SecretsManager::SecretTargetAttachment',
        Properties: { SecretId: { Ref: 'Mail' }, TargetId: { Ref: 'Db' } },
      },
      Subject: mailbox,
    });
    expect(finding.fix).toContain("mail.secretValueFromJson('password')");
  });

  test('one of another template is used, but one beside the finding rather', () => {
    const app = new App();
    const [other, shop] = ['Other', 'Shop'].map((id) => new Stack(app, id));
    const add = (stack: Stack, id: string, type: string, properties: object) => {
      new CfnResource(stack, id, { type, properties }).addMetadata('aws:cdk:path', `${stack.node.id}/${id}`);
    };
    add(other, 'Mail', 'AWS::SecretsManager::Secret', {});
    add(other, 'Bank', 'AWS::SecretsManager::Secret', {});
    add(shop, 'Mail', 'AWS::SecretsManager::Secret', {});
    add(shop, 'Mailbox', 'Acme::Mail::Box', { MailPassword: WORD });
    add(shop, 'Account', 'Acme::Bank::Account', { BankPassword: WORD });
    const found = new HardcodedCredentialCheck().findInAssembly(app.synth());
    expect(found.map(({ property, secretPath }) => [property, secretPath])).toEqual([
      ['MailPassword', 'Shop/Mail'], ['BankPassword', 'Other/Bank'],
    ]);
  });

  test('one that is described in letters of another language fits nothing by chance', () => {
    const [finding] = findings({ Payments: secret('決済/Resource', { Description: '決済用' }), Subject: mailbox });
    expect(finding.secretPath).toBeUndefined();
  });
});
