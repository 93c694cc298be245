import { Aws, CfnResource, type IResolvable, Reference, Stack, StringConcat, Token, Tokenization } from 'aws-cdk-lib/core';
import { onceFor } from './once';
import { propertyOf } from './template-property';
import { attributeBehind } from './token-text';

/**
 * Characters of a secret's ARN around its name, and around the logical id in a name that CloudFormation makes, in the Region with
 * the longest.
 */
export const AROUND_NAME = 84;
/** Quotation marks and a comma around a text in a list of JSON. */
export const AROUND_ITEM = 3;
/** Length that is assumed for a value that only the deployment knows: more than most hosts, endpoints and ARNs have. */
const UNKNOWN_LENGTH = 150;

/** Characters of the pseudo parameters of CloudFormation, at most: `aws-us-gov`, `us-isof-south-1`, `amazonaws.com.cn`. */
const PSEUDO_PARAMETERS: readonly (readonly [name: string, text: string, length: number])[] = [
  ['AWS::Partition', Aws.PARTITION, 10],
  ['AWS::Region', Aws.REGION, 16],
  ['AWS::AccountId', Aws.ACCOUNT_ID, 12],
  ['AWS::URLSuffix', Aws.URL_SUFFIX, 16],
  ['AWS::StackName', Aws.STACK_NAME, 128],
  ['AWS::StackId', Aws.STACK_ID, 231],
];
const LENGTHS = new Map(PSEUDO_PARAMETERS.flatMap(([name, text, length]): [unknown, number][] =>
  [[name, length], [Tokenization.reverseString(text).firstToken, length]]));

/** Characters that are before the name in the ARN of a resource, in the Region with the longest. */
const BEFORE_NAME = 60;
/** Where AWS says nothing of a limit, or one that names of this form hardly come to. */
const LONGEST_NAME = 255;

/** What is known of resources whose names, and so ARNs, may be longer than most. */
const LONG_NAMES: Readonly<Record<string, (resource: CfnResource) => number>> = {
  'AWS::AutoScaling::AutoScalingGroup': (group) => nameAtMost(group, 'autoScalingGroupName'),
  'AWS::ECS::Cluster': (cluster) => nameAtMost(cluster, 'clusterName'),
  'AWS::ECS::Service': (service) => {
    const cluster = String(propertyOf(service, 'cluster') ?? 'default');
    const { resource } = attributeBehind(cluster) ?? {};
    const isKnown = resource?.cfnResourceType === 'AWS::ECS::Cluster';
    const ofCluster = isKnown ? nameAtMost(resource, 'clusterName') : textAtMost(cluster).length;
    return BEFORE_NAME + ofCluster + 1 + nameAtMost(service, 'serviceName');
  },
  'AWS::Logs::LogGroup': (group) => BEFORE_NAME + nameAtMost(group, 'logGroupName'),
  'AWS::SSM::Parameter': (parameter) => nameAtMost(parameter, 'name'),
  'Custom::AWSCDK-EKS-Cluster': () => BEFORE_NAME + 100,
};

/**
 * The text, with as many characters in place of each token as its value may have: for limits on what is deployed. `nameLength` is
 * that of a secret that the text refers to.
 */
export function textAtMost(text: string, nameLength = 0): string {
  return (
    (Tokenization.reverseString(text)
      .mapTokens({ mapToken: (token) => 'x'.repeat(lengthAtMost(token, nameLength)) })
      .join(new StringConcat()) as string | undefined) ?? ''
  );
}

function lengthAtMost(token: IResolvable, nameLength: number): number {
  if (!Reference.isReference(token)) {
    return LENGTHS.get(token) ?? UNKNOWN_LENGTH;
  }
  const { target, displayName } = token;
  if (!CfnResource.isCfnResource(target)) {
    return LENGTHS.get(displayName) ?? UNKNOWN_LENGTH;
  }
  return target.cfnResourceType.startsWith('AWS::SecretsManager::')
    ? AROUND_NAME + Math.max(logicalIdLength(target), nameLength)
    : Math.max(UNKNOWN_LENGTH, LONG_NAMES[target.cfnResourceType]?.(target) ?? 0);
}

/** Characters of the name of a resource, which CloudFormation makes of that of the stack where nobody gives one. */
function nameAtMost(resource: CfnResource, property: string): number {
  const given = propertyOf(resource, property);
  const { stackName } = Stack.of(resource);
  // Resources of the AWS CDK that nobody names have a token of nothing there.
  if (typeof given === 'string' && Stack.of(resource).resolve(given) !== undefined) {
    return textAtMost(given).length;
  }
  const { length } = Token.isUnresolved(stackName) ? textAtMost(Aws.STACK_NAME) : stackName;
  return Math.min(LONGEST_NAME, length + 1 + generatedNameLength(resource));
}

/** Characters that CloudFormation puts after the logical id in a name that it makes. */
const AFTER_LOGICAL_ID = 13;

/** Characters of the name that CloudFormation makes for a resource. */
export function generatedNameLength(resource: CfnResource): number {
  return logicalIdLength(resource) + AFTER_LOGICAL_ID;
}

/** Characters of the logical id of a resource: computed once, for that takes longer than all the rest of a limit. */
export function logicalIdLength(resource: CfnResource): number {
  return onceFor(resource, 'length of the logical id', () => Stack.of(resource).getLogicalId(resource).length);
}
