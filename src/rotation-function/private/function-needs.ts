import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import { refuseCircle } from '../../core/stack-circles';
import type { DatabaseTargetFacts } from '../../database/private/database-facts';
import { isDefined } from '../../database/private/database-identity';
import type { NetworkFacts } from '../../network/private/network-facts';
import { AttachedSecret } from '../../secret/private/attached-secret';

/** What the functions of a database refer to, of what the app makes itself. */
export function needsOfFunctions(
  { source, securityGroups }: DatabaseTargetFacts, network?: NetworkFacts, superuser?: ISecret,
): IConstruct[] {
  const needs: (IConstruct | undefined)[] = [
    source, ...securityGroups, superuser && AttachedSecret.ownerOf(superuser), network?.vpc, network?.securityGroup,
  ];
  return needs.filter((needed) => needed !== undefined).filter(isDefined);
}

/** Refuses functions of a database that would have to be deployed before and after something. */
export function refuseCirclesOfFunctions(functions: IConstruct, needs: IConstruct[]): void {
  needs.forEach((to) => refuseCircle({ from: functions, to }, 'make the platform in the stack of the database, or in one that is '
    + 'deployed after both; a secret takes it as its `platform`'));
}
