import type { AppSecret } from './app-secrets';
import type { TemplateFinding } from './scan-template';

/** How a kind of property gets its credential from a secret, as a line of code. */
interface Remedy {
  readonly types: RegExp;
  readonly property: RegExp;
  readonly line: (words: Words) => string;
}

interface Words {
  /** The variable that holds the secret. */
  readonly secret: string;
  /** Its value, which CloudFormation resolves. */
  readonly value: string;
  /** `, 'password'`, where the secret has fields. */
  readonly field: string;
  /** The name of the variable or the property. */
  readonly key: string;
}

const READ_AT_START = ({ secret }: Words) =>
  `${secret}.grantRead(role), and in the script: aws secretsmanager get-secret-value --secret-id \${${secret}.secretArn} --query SecretString --output text`;

const REMEDIES: readonly Remedy[] = [
  {
    types: /^AWS::(?:Lambda|Serverless)::Function$/,
    property: /./,
    line: ({ secret, key }) => `${secret}.grantRead(handler); handler.addEnvironment('${variable(key)}_SECRET_ARN', ${secret}.secretArn); // read at run time`,
  },
  {
    types: /^AWS::ECS::TaskDefinition$/,
    property: /Environment|Command|EntryPoint|Options/,
    line: ({ secret, field, key }) => `secrets: { ${variable(key)}: ecs.Secret.fromSecretsManager(${secret}${field}) } // of the container`,
  },
  {
    types: /^AWS::Batch::/,
    property: /./,
    line: ({ secret, field, key }) => `secrets: { ${variable(key)}: batch.Secret.fromSecretsManager(${secret}${field}) } // of the container`,
  },
  {
    types: /^AWS::CodeBuild::Project$/,
    property: /./,
    line: ({ secret, key }) => `environmentVariables: { ${variable(key)}: { type: codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER, value: ${secret}.secretArn } }`,
  },
  { types: /^AWS::RDS::DB(?:Instance|Cluster)$/, property: /^MasterUserPassword/, line: ({ secret }) => `credentials: rds.Credentials.fromSecret(${secret})` },
  {
    types: /^AWS::(?:EC2|AutoScaling|ImageBuilder|SageMaker|EMR|SSM::Document|Lightsail::Instance)/,
    property: /./,
    line: READ_AT_START,
  },
  {
    types: /^AWS::SSM::Parameter$/,
    property: /./,
    line: ({ secret }) => `${secret}.grantRead(reader); // and delete the parameter: its value is readable in the template and in its history`,
  },
  {
    types: /^AWS::(?:StepFunctions|Events::Rule|Scheduler|ApiGateway|AppSync)/,
    property: /./,
    line: ({ secret, value, key }) =>
      `events.Authorization.apiKey('${plain(key)}', ${value}) // in an events.Connection, or let the code behind it read ${secret}`,
  },
  {
    types: /^(?:Custom::|AWS::CloudFormation::CustomResource)/,
    property: /./,
    line: ({ secret }) => `properties: { secretArn: ${secret}.secretArn } // and let the provider read it: ${secret}.grantRead(provider)`,
  },
];

/** What to do about a finding: which secret, and the line that takes the credential from it. */
export function remedyFor(finding: TemplateFinding, secret: AppSecret | undefined): string {
  if (finding.section === 'Parameters') {
    return 'Remove the default, and use a secret where the parameter is used: `NoEcho` does not hide a default in the template.';
  }
  if (finding.type === 'AWS::SecretsManager::Secret') {
    return `Let the value be generated, or put it in after deployment: ${HARDENED}`;
  }
  const name = secret ? variableName(secret.path) : 'secret';
  const line = lineFor(finding, name, secret?.field);
  return secret ? `Use the secret '${secret.path}', here \`${name}\`: ${line}` : `Make a secret, and put the value in after deployment: ${HARDENED} ${line}`;
}

const HARDENED = "const { secret } = new HardenedSecret(this, 'Secret', { content: SecretContent.placeholder() });";

function lineFor(finding: TemplateFinding, name: string, field?: string): string {
  if (finding.section === 'Outputs') {
    return `new CfnOutput(this, 'SecretArn', { value: ${name}.secretArn }); // everybody who may describe the stack reads outputs`;
  }
  const value = field === undefined ? `${name}.secretValue` : `${name}.secretValueFromJson('${field}')`;
  const last = finding.location.split('.').filter((part) => !/^\d+$|^Fn::/.test(part)).pop() ?? '';
  const words: Words = { secret: name, value, field: field === undefined ? '' : `, '${field}'`, key: finding.key };
  const remedy = REMEDIES.find(({ types, property }) => types.test(finding.type) && property.test(finding.property));
  return remedy ? remedy.line(words) : `${camel(plain(last))}: ${value}.unsafeUnwrap() // a dynamic reference: CloudFormation resolves it`;
}

/** The variable of a construct, by its id: `Stack/OrdersDb/Secret/Resource` is `ordersDb`. */
function variableName(path: string): string {
  const ids = path.split('/').filter((id, index) => index === 0 || !/^(?:Resource|Default|Secret|Attachment)$/.test(id));
  return camel(plain(ids[ids.length - 1]));
}

const plain = (text: string): string => text.replace(/[^\w-]/g, '').slice(0, 60) || 'value';
const variable = (text: string): string => plain(text).replace(/-/g, '_');

function camel(text: string): string {
  const name = text.replace(/[-_]+(\w?)/g, (_, letter: string) => letter.toUpperCase()).replace(/^\d+/, '') || 'value';
  return /^[A-Z]+$/.test(name) ? name.toLowerCase() : name.charAt(0).toLowerCase() + name.slice(1);
}
