import type { IInterfaceVpcEndpoint, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { RotationNetwork } from '../network/rotation-network';
import type { CharacterTypeOptions } from '../password/character-type-options';

/**
 * The cluster or serverless cache at which new passwords are tried out before anybody reads them.
 */
export interface CacheClusterOptions {
  /**
   * DNS name of its endpoint: the primary, configuration or serverless endpoint, or the cluster endpoint of MemoryDB. It encrypts
   * in transit.
   */
  readonly host: string;

  /**
   * Port, 1 to 65535.
   *
   * @default 6379
   */
  readonly port?: number;

  /**
   * Security groups of the cluster. The functions are let in by rules that are added to them.
   *
   * @default - none: the network's own security group reaches the cluster
   */
  readonly securityGroups?: ISecurityGroup[];
}

/**
 * Options of a user of a cache, whichever the service.
 */
export interface CacheConnectionOptions extends CharacterTypeOptions {
  /**
   * Where new passwords are tried out: the function signs in with each, over TLS, before it becomes current. Needs a network.
   *
   * @default - nowhere: the function makes sure that the service has taken the password and finished the change
   */
  readonly cluster?: CacheClusterOptions;

  /**
   * Network of the function.
   *
   * @default - that of the secret; else the platform's default network; else, without a `cluster`, outside any VPC
   */
  readonly network?: RotationNetwork;

  /**
   * Interface endpoint of the service's API in the VPC of the network: `com.amazonaws.<region>.elasticache`, or `….memory-db`.
   * Required where the network reaches Secrets Manager through an endpoint as well, for then nothing leads out of it.
   *
   * Its security groups let the functions in by rules that are added to them. Its policy must allow describing and changing the
   * user.
   *
   * @default - the network leads to the Region's public endpoint
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/elasticache-privatelink.html
   */
  readonly apiEndpoint?: IInterfaceVpcEndpoint;

  /**
   * Length of the passwords that rotations make, 16 to 128 characters. The first value of a secret has 32.
   *
   * @default 32
   */
  readonly passwordLength?: number;

  /**
   * Characters that the passwords which rotations make must not contain. Comma, quotation mark, slash and at sign, which the
   * services refuse, have to be among them, and at least 16 of the printable ASCII characters must be left.
   *
   * @default - those, the apostrophe and the backslash
   */
  readonly excludeCharacters?: string;
}

/**
 * A user of Amazon ElastiCache.
 */
export interface ElastiCacheUserOptions extends CacheConnectionOptions {
  /** ID of the user, 1 to 40 lower-case letters, digits and hyphens: the service's name for it. Not `default`. */
  readonly userId: string;

  /** Name that the user signs in with, 1 to 120 characters without spaces. */
  readonly username: string;
}

/**
 * A user of Amazon MemoryDB.
 */
export interface MemoryDbUserOptions extends CacheConnectionOptions {
  /** Name of the user, 1 to 40 lower-case letters, digits and hyphens. Not `default`. */
  readonly username: string;
}
