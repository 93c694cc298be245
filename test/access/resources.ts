import type { Deployed, Deployment, Policy } from './deployment';

/** What a request is about. */
export interface Target {
  readonly arn: string;
  readonly account: string;
  /** The policy that is attached to it. */
  readonly policy?: Policy;
  /** What the service itself adds to a request about it. */
  readonly context: Readonly<Record<string, string | string[]>>;
}

type Context = Target['context'];

/**
 * A resource by its name in the table: its path, with `@` and a Region for the replica of a secret, and with what is in a bucket
 * or a log group after a colon; an ARN of what the app does not make; or `*`.
 */
export function targetOf(deployment: Deployment, name: string): Target {
  const [, path = name, region, object = ''] = /^([^@:]+)(?:@([\w-]+))?(?::(.*))?$/.exec(name) ?? [];
  if (name === '*' || name.startsWith('arn:')) {
    const [{ place }] = deployment.resources;
    return { arn: name, account: place.account, context: {} };
  }
  const deployed = deployment.at(path);
  const arn = region === undefined ? deployed.arn! : deployed.arn!.replace(deployed.place.region, region);
  return {
    arn: arn.endsWith(':*') ? `${arn.slice(0, -1)}${object}` : `${arn}${object}`,
    account: deployed.place.account,
    policy: (POLICIES[deployed.type] as PolicyOf | undefined)?.(deployment, deployed),
    context: (CONTEXTS[deployed.type] as ContextOf | undefined)?.(deployment, deployed) ?? {},
  };
}

type PolicyOf = (deployment: Deployment, resource: Deployed) => Policy | undefined;
type ContextOf = (deployment: Deployment, resource: Deployed) => Context | undefined;

const attachedBy = (type: string, property: string, document: string): PolicyOf => (deployment, { ref }) => {
  const all = deployment.ofType(type).filter(({ properties }) => [properties[property]].flat().includes(ref));
  if (all.length > 1) {
    throw new Error(`${ref} has ${all.length} policies, of which the last one to be deployed would win`);
  }
  return all[0]?.properties[document] as Policy | undefined;
};

const POLICIES: Record<string, PolicyOf> = {
  'AWS::SecretsManager::Secret': attachedBy('AWS::SecretsManager::ResourcePolicy', 'SecretId', 'ResourcePolicy'),
  'AWS::SNS::Topic': attachedBy('AWS::SNS::TopicPolicy', 'Topics', 'PolicyDocument'),
  'AWS::S3::Bucket': attachedBy('AWS::S3::BucketPolicy', 'Bucket', 'PolicyDocument'),
  'AWS::KMS::Key': (_, { properties }) => properties.KeyPolicy as Policy,
  'AWS::IAM::Role': (_, { arn, properties }) => trustPolicy(properties.AssumeRolePolicyDocument as Policy, arn!),
  'AWS::Lambda::Function': invocationPolicy,
};

const CONTEXTS: Record<string, ContextOf> = {
  'AWS::SecretsManager::Secret': (deployment, { ref }) => {
    const schedule = deployment.ofType('AWS::SecretsManager::RotationSchedule').find(({ properties }) =>
      properties.SecretId === ref)?.properties;
    const functionArn = schedule?.RotationLambdaARN as string | undefined;
    return functionArn === undefined ? undefined : { 'secretsmanager:resource/AllowRotationLambdaArn': functionArn };
  },
  'AWS::KMS::Key': (deployment, { ref, arn }) => {
    const aliases = deployment.ofType('AWS::KMS::Alias').filter(({ properties }) =>
      [ref, arn].includes(properties.TargetKeyId as string));
    return { 'kms:ResourceAliases': aliases.map(({ ref: alias }) => alias) };
  },
};

/** A trust policy names no resource, for it is about its own role. */
function trustPolicy({ Statement, ...rest }: Policy, arn: string): Policy {
  return { ...rest, Statement: Statement.map((statement) => ({ ...statement, Resource: arn })) };
}

/** What AWS Lambda makes of the permissions of a function. */
function invocationPolicy(deployment: Deployment, { ref, arn }: Deployed): Policy | undefined {
  const permissions = deployment.ofType('AWS::Lambda::Permission').filter(({ properties }) =>
    [ref, arn].includes(properties.FunctionName as string));
  return permissions.length === 0 ? undefined : {
    Version: '2012-10-17',
    Statement: permissions.map(({ properties: { Action, Principal, SourceAccount, SourceArn } }) => ({
      Effect: 'Allow',
      Action,
      Principal: { Service: Principal },
      Resource: arn,
      Condition: {
        ...(SourceAccount !== undefined && { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
        ...(SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': SourceArn } }),
      },
    })),
  };
}
