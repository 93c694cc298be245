import { Template } from 'aws-cdk-lib/assertions';
import { InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, type IVpcEndpoint, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AccountRootPrincipal, ArnPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { App, CliCredentialsStackSynthesizer, Stack, type StackProps, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ForwardAccessSessions } from '../../src/resource-policy/forward-access-sessions';
import { bindGuardRails, GuardRail, type RotationRole } from '../../src/resource-policy/guard-rail';
import { SecretResourcePolicy } from '../../src/resource-policy/private/secret-resource-policy';
import { denies, type Place, type Request, resolveIn } from '../support/deny';

const ACCOUNT = '111111111111';
const PLACES: Place[] = [
  { partition: 'aws', region: 'us-east-1', account: ACCOUNT },
  { partition: 'aws-cn', region: 'cn-north-1', account: ACCOUNT },
  { partition: 'aws-us-gov', region: 'us-gov-west-1', account: ACCOUNT },
];
const [COMMERCIAL] = PLACES;

function setUp(props: StackProps = { env: COMMERCIAL }) {
  const app = new App();
  const stack = new Stack(app, 'Stack', props);
  return { app, stack, secret: new Construct(stack, 'Secret') };
}

function endpoint(scope: Construct, vpcEndpointId = 'vpce-1'): IVpcEndpoint {
  return InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(scope, vpcEndpointId, { vpcEndpointId, port: 443 });
}

function made(scope: Construct): InterfaceVpcEndpoint {
  return new InterfaceVpcEndpoint(scope, 'Endpoint', {
    vpc: new Vpc(scope, 'Vpc'),
    service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  });
}

/** The statements of the rendered policy, with what the deployment resolves filled in. */
function statements(secret: Construct, rails: GuardRail[], rotationRoles: RotationRole[] = [], place = COMMERCIAL) {
  const policy = new SecretResourcePolicy(secret, 'Policy', { secretArn: 'arn' });
  bindGuardRails(secret, rails, { rotationRoles: () => rotationRoles }).forEach((statement) => policy.add(statement));
  const [resource] = Object.values(Template.fromStack(Stack.of(secret)).findResources('AWS::SecretsManager::ResourcePolicy'));
  return resolveIn(place, resource.Properties.ResourcePolicy.Statement) as unknown[];
}

function role(name: string, { partition, account }: Place = COMMERCIAL): string {
  return `arn:${partition}:iam::${account}:role/${name}`;
}

function deployer(place: Place): string {
  return role(`cdk-hnb659fds-cfn-exec-role-${place.account}-${place.region}`, place);
}

const READ: Request = {
  'action': 'secretsmanager:GetSecretValue',
  'aws:SecureTransport': 'true',
  'aws:ViaAWSService': 'false',
  'aws:PrincipalIsAWSService': 'false',
};

describe('every rail', () => {
  test.each<[string, (stack: Stack) => GuardRail, string]>([
    ['tlsOnly', () => GuardRail.tlsOnly(), 'DenyInsecureTransport'],
    ['vpcEndpoints', (stack) => GuardRail.vpcEndpoints([endpoint(stack)]), 'DenyReadingOutsideEndpoints'],
    ['organization', () => GuardRail.organization('o-abcdefghij'), 'DenyOutsideOrganization'],
    ['onlyReaders', () => GuardRail.onlyReaders([new ArnPrincipal(role('reader'))]), 'DenyReadingByOthers'],
  ])('%s denies everybody, at the secret and its replicas, under a name that stays', (_, rail, sid) => {
    const { stack, secret } = setUp();
    expect(statements(secret, [rail(stack)]))
      .toEqual([expect.objectContaining({ Sid: sid, Effect: 'Deny', Principal: '*', Resource: '*' })]);
  });

  test('goes with the others', () => {
    const { stack, secret } = setUp();
    const rails = [GuardRail.tlsOnly(), GuardRail.vpcEndpoints([endpoint(stack)]), GuardRail.organization('o-abcdefghij'),
      GuardRail.onlyReaders([new ArnPrincipal(role('reader'))])];
    expect(statements(secret, rails)).toHaveLength(4);
  });

  test('can be used for several secrets', () => {
    const { stack } = setUp();
    const rail = GuardRail.vpcEndpoints([endpoint(stack)]);
    const bound = (id: string) =>
      stack.resolve(bindGuardRails(new Construct(stack, id), [rail], { rotationRoles: () => [] })[0].toStatementJson());
    expect(bound('First')).toEqual(bound('Second'));
  });
});

describe.each(PLACES)('in $partition', (place) => {
  const rolesAt = (name: string) => role(name, place);

  test.each<[string, boolean, Partial<Request>]>([
    ['reading without TLS', true, { 'aws:SecureTransport': 'false' }],
    ['deleting without TLS', true, { 'aws:SecureTransport': 'false', 'action': 'secretsmanager:DeleteSecret' }],
    ['reading over TLS', false, {}],
    ['a request that does not say', false, { 'aws:SecureTransport': undefined }],
  ])('tlsOnly: %s, denied: %s', (_, denied, request) => {
    expect(denies(statements(setUp({ env: place }).secret, [GuardRail.tlsOnly()], [], place), { ...READ, ...request }))
      .toBe(denied);
  });

  test.each<[string, boolean, Partial<Request>]>([
    ['reading through the endpoint', false, { 'aws:SourceVpce': 'vpce-1' }],
    ['reading through another listed endpoint', false, { 'aws:SourceVpce': 'vpce-2' }],
    ['reading through an endpoint of others', true, { 'aws:SourceVpce': 'vpce-9' }],
    ['reading from the console', true, {}],
    ['reading in batches from the console', true, { action: 'secretsmanager:BatchGetSecretValue' }],
    ['reading without a word about services', true, { 'aws:ViaAWSService': undefined, 'aws:PrincipalIsAWSService': undefined }],
    ['a service on a principal\'s behalf', false, { 'aws:ViaAWSService': 'true' }],
    ['a service by itself', false, { 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalArn': undefined }],
    ['the deployment', false, { 'aws:PrincipalArn': deployer(place) }],
    ['a rotation elsewhere', false, { 'aws:PrincipalArn': rolesAt('rotation-outside') }],
    ['a rotation in another endpoint', false, { 'aws:PrincipalArn': rolesAt('rotation-9'), 'aws:SourceVpce': 'vpce-9' }],
    ['a rotation that has the endpoint, elsewhere', true, { 'aws:PrincipalArn': rolesAt('rotation-1') }],
    ['a rotation that has the endpoint', false, { 'aws:PrincipalArn': rolesAt('rotation-1'), 'aws:SourceVpce': 'vpce-1' }],
    ['writing from the console', false, { action: 'secretsmanager:PutSecretValue' }],
    ['repairing the policy from the console', false, { action: 'secretsmanager:PutResourcePolicy' }],
  ])('vpcEndpoints: %s, denied: %s', (_, denied, request) => {
    const { stack, secret } = setUp({ env: place });
    const rotations = [
      { arn: rolesAt('rotation-outside') },
      { arn: rolesAt('rotation-1'), vpcEndpointId: 'vpce-1' },
      { arn: rolesAt('rotation-9'), vpcEndpointId: 'vpce-9' },
    ];
    const rails = [GuardRail.vpcEndpoints([endpoint(stack), endpoint(stack, 'vpce-2')])];
    expect(denies(statements(secret, rails, rotations, place), { ...READ, 'aws:PrincipalArn': rolesAt('admin'), ...request }))
      .toBe(denied);
  });

  test.each<[string, boolean, Partial<Request>]>([
    ['a member', false, { 'aws:PrincipalOrgID': 'o-abcdefghij' }],
    ['a stranger', true, { 'aws:PrincipalOrgID': 'o-zzzzzzzzzz' }],
    ['an account without an organization', true, {}],
    ['a stranger who deletes', true, { 'aws:PrincipalOrgID': 'o-zzzzzzzzzz', 'action': 'secretsmanager:DeleteSecret' }],
    ['a service', false, { 'aws:PrincipalIsAWSService': 'true' }],
    ['an account without an organization that repairs the policy', false, { action: 'secretsmanager:DeleteResourcePolicy' }],
  ])('organization: %s, denied: %s', (_, denied, request) => {
    const rails = [GuardRail.organization('o-abcdefghij')];
    expect(denies(statements(setUp({ env: place }).secret, rails, [], place), { ...READ, ...request })).toBe(denied);
  });

  test.each<[string, boolean, Partial<Request>]>([
    ['a reader', false, { 'aws:PrincipalArn': rolesAt('reader') }],
    ['a reader by pattern', false, { 'aws:PrincipalArn': rolesAt('team/b') }],
    ['the deployment', false, { 'aws:PrincipalArn': deployer(place) }],
    ['the rotation', false, { 'aws:PrincipalArn': rolesAt('rotation') }],
    ['an administrator', true, { 'aws:PrincipalArn': rolesAt('admin') }],
    ['an administrator through a service', true, { 'aws:PrincipalArn': rolesAt('admin'), 'aws:ViaAWSService': 'true' }],
    ['nobody known', true, {}],
    ['a service by itself', false, { 'aws:PrincipalIsAWSService': 'true' }],
    ['an administrator who writes', false, { 'aws:PrincipalArn': rolesAt('admin'), 'action': 'secretsmanager:PutSecretValue' }],
  ])('onlyReaders: %s, denied: %s', (_, denied, request) => {
    const rails = [GuardRail.onlyReaders([new ArnPrincipal(rolesAt('reader')), new ArnPrincipal(rolesAt('team/*'))])];
    expect(
      denies(statements(setUp({ env: place }).secret, rails, [{ arn: rolesAt('rotation') }], place), { ...READ, ...request }),
    ).toBe(denied);
  });
});

describe('rails in an environment that is not known', () => {
  test('exempt the deployment wherever it is', () => {
    const { stack, secret } = setUp({});
    const [place] = PLACES.slice(1);
    const rendered = statements(
      secret,
      [GuardRail.vpcEndpoints([endpoint(stack)]), GuardRail.onlyReaders([new ArnPrincipal(role('reader'))])],
      [],
      place,
    );
    expect(denies(rendered, { ...READ, 'aws:PrincipalArn': deployer(place) })).toBe(false);
    expect(denies(rendered, { ...READ, 'aws:PrincipalArn': deployer(COMMERCIAL) })).toBe(true);
  });
});

describe('vpcEndpoints', () => {
  test('names an endpoint of the app once', () => {
    const { stack, secret } = setUp();
    const own = made(stack);
    const [statement] = statements(secret, [GuardRail.vpcEndpoints([own, own])]) as { Condition: object }[];
    expect(statement.Condition).toMatchObject({ StringNotEquals: { 'aws:SourceVpce': [{ Ref: 'EndpointEEF1FD8F' }] } });
  });

  test('exempts a rotation only while its function is outside the endpoint of the app', () => {
    const { stack, secret } = setUp();
    const own = made(stack);
    const rotations = [{ arn: role('inside'), vpcEndpointId: own.vpcEndpointId }, { arn: role('outside') }];
    const [statement] = statements(secret, [GuardRail.vpcEndpoints([own])], rotations) as { Condition: object }[];
    expect(statement.Condition)
      .toMatchObject({ ArnNotLikeIfExists: { 'aws:PrincipalArn': [deployer(COMMERCIAL), role('outside')] } });
  });

  test('learns of a rotation that is added later', () => {
    const { stack, secret } = setUp();
    const rotations: RotationRole[] = [];
    const policy = new SecretResourcePolicy(secret, 'Policy', { secretArn: 'arn' });
    bindGuardRails(
      secret,
      [GuardRail.vpcEndpoints([endpoint(stack)]), GuardRail.onlyReaders([new ArnPrincipal(role('reader'))])],
      { rotationRoles: () => rotations },
    ).forEach((statement) => policy.add(statement));
    rotations.push({ arn: role('later') });
    const json = JSON.stringify(Template.fromStack(stack).toJSON());
    expect(json.split(role('later'))).toHaveLength(3);
  });

  test('needs no exemption where CloudFormation acts for whoever deploys', () => {
    const { stack, secret } = setUp({ env: COMMERCIAL, synthesizer: new CliCredentialsStackSynthesizer() });
    const rendered = statements(secret, [GuardRail.vpcEndpoints([endpoint(stack)])]) as { Condition: object }[];
    expect(Object.keys(rendered[0].Condition)).toEqual(['StringNotEquals', 'BoolIfExists']);
    expect(denies(rendered, { ...READ, 'aws:PrincipalArn': role('developer'), 'aws:ViaAWSService': 'true' })).toBe(false);
  });

  test('exempts who is named as deployer instead of the synthesizer\'s role', () => {
    const { stack, secret } = setUp();
    const rail = GuardRail.vpcEndpoints([endpoint(stack)], { deployers: [new ArnPrincipal(role('pipeline'))] });
    const rendered = statements(secret, [rail]);
    expect(denies(rendered, { ...READ, 'aws:PrincipalArn': role('pipeline') })).toBe(false);
    expect(denies(rendered, { ...READ, 'aws:PrincipalArn': deployer(COMMERCIAL) })).toBe(true);
  });

  test('exempts no service that acts for a principal where that is asked for, but the deployment', () => {
    const { stack, secret } = setUp();
    const rail = GuardRail.vpcEndpoints([endpoint(stack)], { forwardAccessSessions: ForwardAccessSessions.DENIED });
    const rendered = statements(secret, [rail]);
    const forwarded = { ...READ, 'aws:ViaAWSService': 'true' };
    expect(denies(rendered, { ...forwarded, 'aws:PrincipalArn': role('reader') })).toBe(true);
    expect(denies(rendered, { ...forwarded, 'aws:PrincipalArn': deployer(COMMERCIAL) })).toBe(false);
    expect(denies(rendered, { ...READ, 'aws:PrincipalIsAWSService': 'true' })).toBe(false);
  });

  test('takes an endpoint of another Region by its id', () => {
    const { app, secret } = setUp();
    const other = new Stack(app, 'Other', { env: { account: ACCOUNT, region: 'eu-west-1' } });
    expect(statements(secret, [GuardRail.vpcEndpoints([endpoint(other, 'vpce-7')])])).toHaveLength(1);
  });
});

describe('onlyReaders', () => {
  test('takes roles of the app, in the same stack and in others, without a reference to another stack', () => {
    const { app, stack, secret } = setUp();
    const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
    const readers = new Stack(app, 'Readers', { env: COMMERCIAL });
    const rail = GuardRail.onlyReaders([
      new Role(stack, 'Reader', { assumedBy }),
      new Role(readers, 'Reader', { assumedBy, roleName: 'reader' }),
    ]);
    const rendered = statements(secret, [rail]);
    expect(denies(rendered, { ...READ, 'aws:PrincipalArn': role('reader') })).toBe(false);
    expect(stack.dependencies).toEqual([]);
  });

  test('exempts who is named as deployer instead of the synthesizer\'s role', () => {
    const { secret } = setUp();
    const rendered = statements(secret, [
      GuardRail.onlyReaders([new ArnPrincipal(role('reader'))], { deployers: [new ArnPrincipal(role('pipeline'))] }),
    ]);
    expect(denies(rendered, { ...READ, 'aws:PrincipalArn': role('pipeline') })).toBe(false);
    expect(denies(rendered, { ...READ, 'aws:PrincipalArn': deployer(COMMERCIAL) })).toBe(true);
  });

  test('works without a role for CloudFormation where deployers are named', () => {
    const { secret } = setUp({ env: COMMERCIAL, synthesizer: new CliCredentialsStackSynthesizer() });
    const rail = GuardRail.onlyReaders([new ArnPrincipal(role('reader'))], { deployers: [new ArnPrincipal(role('developer'))] });
    expect(denies(statements(secret, [rail]), { ...READ, 'aws:PrincipalArn': role('developer') })).toBe(false);
  });
});

describe('refused', () => {
  const reader = new ArnPrincipal(role('reader'));
  const lockOut = 'GuardRail.onlyReaders() would lock out the deployment: CloudFormation reads the value when it updates the '
    + 'secret, and '
    + 'the role that deploys is not known; name the deploying roles in `deployers`';
  const lockedOut = lockOut.replace('onlyReaders', 'vpcEndpoints');
  const id = 'allowed: \'o-\' and 10 to 32 lower-case letters and digits; take it from `aws organizations describe-organization`';

  test.each<[string, (stack: Stack, app: App) => GuardRail[], string]>([
    ['two of a kind', () => [GuardRail.tlsOnly(), GuardRail.organization('o-abcdefghij'), GuardRail.tlsOnly()],
      '`guardRails` has two of GuardRail.tlsOnly(); use one, with all its values'],
    [
      'two of a kind with other values',
      (stack) => [GuardRail.vpcEndpoints([endpoint(stack)]), GuardRail.vpcEndpoints([endpoint(stack, 'vpce-2')])],
      '`guardRails` has two of GuardRail.vpcEndpoints()',
    ],
    ['no endpoints', () => [GuardRail.vpcEndpoints([])],
      '`GuardRail.vpcEndpoints(endpoints)` is [], allowed: a list of interface endpoints, at least one; without them nobody '
        + 'could read the secret'],
    [
      'an empty endpoint',
      (stack) => [GuardRail.vpcEndpoints([endpoint(stack), undefined!])],
      '`GuardRail.vpcEndpoints(endpoints)` is not given, allowed: a list of interface endpoints',
    ],
    [
      'an endpoint of another Region',
      (_, app) => [GuardRail.vpcEndpoints([made(new Stack(app, 'Other', { env: { account: ACCOUNT, region: 'eu-west-1' } }))])],
      "`GuardRail.vpcEndpoints(endpoints)` 'Other/Endpoint' is in another Region, and its id is not known at synthesis; import "
        + 'it by its id',
    ],
    [
      'an organization by name',
      () => [GuardRail.organization('my-company')],
      `\`GuardRail.organization(organizationId)\` is "my-company", ${id}`,
    ],
    ['a unit instead of an organization', () => [GuardRail.organization('ou-abcd-abcdefgh')], `is "ou-abcd-abcdefgh", ${id}`],
    ['a short organization', () => [GuardRail.organization('o-abc')], `is "o-abc", ${id}`],
    ['a long organization', () => [GuardRail.organization(`o-${'a'.repeat(33)}`)], id],
    ['an empty organization', () => [GuardRail.organization('')], `is "", ${id}`],
    ['no readers', () => [GuardRail.onlyReaders([])],
      '`GuardRail.onlyReaders(principals)` is [], allowed: a list of roles and users, at least one; without them nobody could '
        + 'read the secret'],
    [
      'an empty reader',
      () => [GuardRail.onlyReaders([reader, undefined!])],
      '`GuardRail.onlyReaders(principals)` is not given, allowed: a list of roles and users',
    ],
    [
      'an account as reader',
      () => [GuardRail.onlyReaders([new AccountRootPrincipal()])],
      'allowed: roles and users, each with one ARN; name the roles themselves',
    ],
    [
      'a service as deployer',
      () => [GuardRail.onlyReaders([reader], { deployers: [new ServicePrincipal('cloudformation.amazonaws.com')] })],
      '`GuardRail.onlyReaders({ deployers })` is ',
    ],
    ['no deployers', () => [GuardRail.onlyReaders([reader], { deployers: [] })], lockOut],
    ['no deployers at endpoints', (stack) => [GuardRail.vpcEndpoints([endpoint(stack)], { deployers: [] })], lockedOut],
    [
      'a service as deployer at endpoints',
      (stack) => [GuardRail.vpcEndpoints([endpoint(stack)], { deployers: [new ServicePrincipal('ec2.amazonaws.com')] })],
      '`GuardRail.vpcEndpoints({ deployers })` is ',
    ],
  ])('%s', (_, rails, message) => {
    const { app, stack, secret } = setUp();
    const given = rails(stack, app);
    const refused = () => bindGuardRails(secret, given, { rotationRoles: () => [] });
    expect(refused).toThrow(message);
    expect(refused).toThrow('[Stack/Secret] ');
  });

  test('a deployment that nobody could name', () => {
    const { secret } = setUp({ env: COMMERCIAL, synthesizer: new CliCredentialsStackSynthesizer() });
    expect(() => bindGuardRails(secret, [GuardRail.onlyReaders([reader])], { rotationRoles: () => [] }))
      .toThrow(`[Stack/Secret] ${lockOut}`);
  });

  test('a deployment that would have to read by way of CloudFormation', () => {
    const { stack, secret } = setUp({ env: COMMERCIAL, synthesizer: new CliCredentialsStackSynthesizer() });
    const rail = GuardRail.vpcEndpoints([endpoint(stack)], { forwardAccessSessions: ForwardAccessSessions.DENIED });
    expect(() => bindGuardRails(secret, [rail], { rotationRoles: () => [] })).toThrow(`[Stack/Secret] ${lockedOut}`);
  });

  test('but no organization that only the deployment knows', () => {
    const { secret } = setUp();
    expect(bindGuardRails(secret, [GuardRail.organization(Token.asString({ Ref: 'Organization' }))], { rotationRoles: () => [] }))
      .toHaveLength(1);
  });
});
