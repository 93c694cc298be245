import { createHash } from 'node:crypto';
import type { Place } from '../../scripts/local-deployment/template-resolver';

type Properties = Readonly<Record<string, unknown>>;

/** A resource of a template, before it has a name. */
export interface Unnamed {
  readonly type: string;
  readonly logicalId: string;
  readonly properties: Properties;
  readonly place: Place;
}

interface Names {
  /** What `Ref` gives. */
  readonly ref: string;
  readonly arn?: string;
}

/** The name that the template gives, or one that CloudFormation could make. */
function nameOf({ properties, logicalId, place }: Unnamed, property: string): string {
  return properties[property] as string | undefined ?? `${place.stackName}-${logicalId}`;
}

const byName = (service: string, kind: string, property: string) => (resource: Unnamed): Names => {
  const name = nameOf(resource, property);
  return { ref: name, arn: arnIn(resource.place, service, `${kind}${name}`) };
};

const identity = (kind: string, property: string) => (resource: Unnamed): Names => {
  const name = nameOf(resource, property);
  const path = resource.properties.Path as string | undefined ?? '/';
  return { ref: name, arn: `arn:${resource.place.partition}:iam::${resource.place.account}:${kind}${path}${name}` };
};

/** Only resources that policies are about, or belong to; in each an ARN has the form that AWS documents. */
const NAMES: Record<string, (resource: Unnamed) => Names> = {
  'AWS::IAM::Role': identity('role', 'RoleName'),
  'AWS::IAM::User': identity('user', 'UserName'),
  'AWS::IAM::ManagedPolicy': (resource) => {
    const { arn } = identity('policy', 'ManagedPolicyName')(resource);
    return { ref: arn!, arn };
  },
  'AWS::Lambda::Function': byName('lambda', 'function:', 'FunctionName'),
  'AWS::S3::Bucket': ({ logicalId, place }) => {
    const ref = `${place.stackName}-${logicalId}`.toLowerCase();
    return { ref, arn: `arn:${place.partition}:s3:::${ref}` };
  },
  'AWS::SNS::Topic': (resource) => {
    const { arn } = byName('sns', '', 'TopicName')(resource);
    return { ref: arn!, arn };
  },
  'AWS::ECS::Service': (resource) => {
    const { arn } = byName('ecs', `service/${resource.properties.Cluster as string}/`, 'ServiceName')(resource);
    return { ref: arn!, arn };
  },
  'AWS::StepFunctions::StateMachine': (resource) => {
    const { arn } = byName('states', 'stateMachine:', 'StateMachineName')(resource);
    return { ref: arn!, arn };
  },
  'AWS::Logs::LogGroup': (resource) => {
    const ref = nameOf(resource, 'LogGroupName');
    return { ref, arn: arnIn(resource.place, 'logs', `log-group:${ref}:*`) };
  },
  'AWS::KMS::Key': ({ logicalId, place }) => {
    const digits = createHash('sha256').update(`${place.stackName}/${logicalId}`).digest('hex');
    const ref = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
    return { ref, arn: arnIn(place, 'kms', `key/${ref}`) };
  },
  'AWS::SecretsManager::Secret': (resource) => {
    const arn = arnIn(resource.place, 'secretsmanager', `secret:${nameOf(resource, 'Name')}-AbCdEf`);
    return { ref: arn, arn };
  },
  'AWS::SecretsManager::SecretTargetAttachment': ({ properties }) => ({ ref: properties.SecretId as string }),
  'AWS::KMS::Alias': ({ properties }) => ({ ref: properties.AliasName as string }),
  'AWS::EC2::VPCEndpoint': ({ logicalId }) => ({ ref: `vpce-${logicalId}` }),
};

/** What stands for a resource in other resources, and what it is called from outside. */
export function namesOf(resource: Unnamed): Names {
  return NAMES[resource.type]?.(resource) ?? { ref: `${resource.place.stackName}-${resource.logicalId}` };
}


function arnIn({ partition, region, account }: Place, service: string, rest: string): string {
  return `arn:${partition}:${service}:${region}:${account}:${rest}`;
}
