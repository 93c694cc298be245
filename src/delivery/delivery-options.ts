import type { ServiceAccount } from 'aws-cdk-lib/aws-eks';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Duration } from 'aws-cdk-lib/core';
import type { KubernetesIdentity } from './kubernetes-identity';

/** How a program finds the secret that it reads at run time. */
export interface RuntimeReadOptions {
  /**
   * Name of the environment variable with the ARN of the secret, or with its name where the secret has a fixed one and is in
   * another stack. Letters, digits and `_`.
   *
   * @default 'SECRET_ID'
   */
  readonly environmentVariable?: string;
}

/** How a function reads the secret through the AWS Parameters and Secrets Lambda Extension. */
export interface LambdaExtensionOptions extends RuntimeReadOptions {
  /**
   * ARN of the extension's layer version, in the Region and for the architecture of the function.
   *
   * @default - the version that AWS listed for the Region and the architecture when the package was made
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-integration-lambda-extensions.html
   */
  readonly layerVersionArn?: string;

  /**
   * For how long the extension keeps a value: 0 to 300 seconds. One function has one cache for all its secrets.
   *
   * @default - 300 seconds where the rotations of all the function's secrets leave the former value valid, and 0 otherwise: a
   *   value that outlives its rotation would be refused until the cache forgets it, and the extension cannot be told to
   */
  readonly timeToLive?: Duration;
}

/** How instances read the secret, through the AWS Workload Credentials Provider. */
export interface WorkloadCredentialsProviderOptions extends RuntimeReadOptions {
  /**
   * The provider as you have built it, a folder or a .zip file: `target/release/aws-workload-credentials-provider`, for the
   * instances' architecture, and the folder `aws_workload_credentials_provider_common/configuration` of its repository. AWS
   * publishes source code only. Version 3 or later.
   *
   * @see https://github.com/aws/aws-workload-credentials-provider
   */
  readonly providerPackage: Asset;

  /**
   * The user of Linux that the program runs as: it may ask the provider for secrets. It is made where the image does not have it.
   */
  readonly applicationUser: string;

  /**
   * For how long the provider keeps a value: 0 to 3,600 seconds. An instance has one cache for all its secrets.
   *
   * @default - 300 seconds where the rotations of all the instance's secrets leave the former value valid, and 0 otherwise:
   *   choose a time where programs ask once more with `refreshNow=true` when a login is refused
   */
  readonly timeToLive?: Duration;
}

/** What a container gets when it is started. */
export interface ContainerInjectionOptions {
  /**
   * Name of the environment variable with the value. Letters, digits and `_`.
   *
   * @default 'SECRET'
   */
  readonly environmentVariable?: string;

  /**
   * A field of the value, which is a JSON object. Where a rotation changes the user's name as well, `password` is refused unless
   * `username` is given to the same container.
   *
   * @default - the whole value
   */
  readonly field?: string;
}

/** What a build gets when it begins. */
export interface BuildVariableOptions {
  /**
   * Name of the environment variable with the value. Letters, digits and `_`.
   *
   * @default 'SECRET'
   */
  readonly environmentVariable?: string;

  /**
   * A field of the value, which is a JSON object.
   *
   * @default - the whole value
   */
  readonly field?: string;
}

/** Where the objects of Kubernetes are made, and for whom. */
export interface KubernetesOptions {
  /** The service account of the pods, of the cluster. It is granted reading. */
  readonly serviceAccount: ServiceAccount;

  /** Name of the objects: lower case letters, digits and `-`, at most 63 characters. */
  readonly name: string;

  /**
   * How pods get the permissions of the service account.
   *
   * @default KubernetesIdentity.SERVICE_ACCOUNT_ROLE
   */
  readonly identity?: KubernetesIdentity;
}

/** How pods mount the secret as a file. */
export interface CsiDriverOptions extends KubernetesOptions {
  /**
   * Name of the file in the volume.
   *
   * @default 'secret.json'
   */
  readonly fileName?: string;
}

/** How External Secrets copies the secret into the cluster. */
export interface ExternalSecretOptions extends KubernetesOptions {
  /**
   * How often the operator reads the secret: at least 10 seconds. Each read is a call of the API.
   *
   * @default - an hour where the secret's rotation leaves the former value valid, and a minute otherwise
   */
  readonly refreshInterval?: Duration;
}

/** How agents get a field of the secret from Amazon Bedrock AgentCore Identity. */
export interface CredentialProviderOptions {
  /**
   * The agent: the execution role of its runtime, or whoever else asks AgentCore Identity for the credential. Where several do,
   * deliver the secret once for each.
   */
  readonly workload: IGrantable;

  /**
   * Name of the field with the API key or the client secret: 1 to 128 characters.
   *
   * @default 'apiKey', and 'clientSecret' for OAuth 2.0
   */
  readonly field?: string;
}
