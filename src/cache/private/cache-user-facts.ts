import type { IInterfaceVpcEndpoint, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { CacheFacts } from '../../contract/cache-facts';
import type { PasswordRules } from '../../contract/password-rules';
import type { NetworkFacts } from '../../network/private/network-facts';

/** What is the same for all users of a service. */
export interface CacheServiceFacts {
  readonly name: CacheFacts['service'];
  /** What to call it in messages. */
  readonly title: string;
  /** What a function does to its users. */
  readonly actions: string[];
  /** The last part of the name of its interface endpoints. */
  readonly endpointName: string;
  readonly arnFormat: ArnFormat;
}

export const ELASTICACHE: CacheServiceFacts = {
  name: 'elasticache',
  title: 'Amazon ElastiCache',
  actions: ['elasticache:DescribeUsers', 'elasticache:ModifyUser'],
  endpointName: 'elasticache',
  arnFormat: ArnFormat.COLON_RESOURCE_NAME,
};

export const MEMORYDB: CacheServiceFacts = {
  name: 'memorydb',
  title: 'Amazon MemoryDB',
  actions: ['memorydb:DescribeUsers', 'memorydb:UpdateUser'],
  endpointName: 'memory-db',
  arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
};

/** Rules of the first value of a secret: fixed, since a change of them would generate a new one. */
export const CACHE_PASSWORD: PasswordRules = { length: 32, excludeCharacters: ',"/@\'\\' };

/** All that the parts know about one user of a cache. */
export interface CacheUserFacts {
  readonly service: CacheServiceFacts;
  /** What the service knows the user by. */
  readonly userId: string;
  readonly username: string;
  /** Rules of the passwords that rotations make. */
  readonly password: PasswordRules;
  readonly cluster?: { readonly host: string; readonly port: number; readonly securityGroups: ISecurityGroup[] };
  readonly network?: NetworkFacts;
  readonly apiEndpoint?: IInterfaceVpcEndpoint;
}

/** ARN of a user, built from literals: the user's resource may depend on the secret that holds the ARN. */
export function cacheUserArn(scope: IConstruct, { name, arnFormat }: CacheServiceFacts, userId: string): string {
  return Stack.of(scope).formatArn({ service: name, resource: 'user', resourceName: userId, arnFormat });
}
