import { Annotations, Token } from 'aws-cdk-lib/core';
import { Fact, RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import { ConflictError, ValidationError } from '../../core/errors';
import { topLevelStack } from '../../core/stack-order';

/** Stable: users acknowledge the warning by this name. */
const UNKNOWN_REGION = 'cdk-secretsmanager-patterns:unknownRegion';

/** Refuses a Region that cannot have a replica, and warns of one that nobody knows. */
export function requireRegion(scope: Construct, region: string): void {
  const primary = topLevelStack(scope);
  const refuse = (allowed: string, remedy: string) => {
    throw new ValidationError({ scope, property: 'SecretReplica.inRegion(region)', got: region, allowed, remedy });
  };
  if (Token.isUnresolved(region) || !/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(region)) {
    refuse('the name of a Region as text', 'write it as in \'eu-west-1\'');
  }
  if (Token.isUnresolved(primary.region)) {
    throw new ConflictError(scope, `a replica in '${region}' cannot be distinguished from the secret itself: the Region of the `
      + `stack '${primary.node.path}' is not known at synthesis`,
    'give the stack an `env` with its `region`, or leave `replicas` out');
  }
  if (region === primary.region) {
    refuse(`another Region than the secret's own, '${primary.region}'`, 'leave it out: the secret is there already');
  }
  const partition = RegionInfo.get(primary.region).partition;
  const other = RegionInfo.get(region).partition;
  // A Region may be newer than the AWS CDK, so it is no error. The list of all takes long to make.
  if (other === undefined && !Fact.regions.includes(region)) {
    Annotations.of(scope).addWarningV2(UNKNOWN_REGION, `'${region}' is no Region that this version of the AWS CDK knows, and the `
      + 'deployment fails where there is no such Region; check SecretReplica.inRegion(region), or acknowledge the warning');
  }
  if (partition && other && partition !== other) {
    refuse(
      `a Region of the partition '${partition}', where the secret is: '${region}' is in '${other}'`,
      'use a secret of its own in that partition',
    );
  }
}
