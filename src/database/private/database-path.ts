import type { IConstruct } from 'constructs';
import type { DatabaseTargetFacts } from './database-facts';
import { ValidationError } from '../../core/errors';
import type { NetworkFacts } from '../../network/private/network-facts';
import type { Destination } from '../../network/private/security-group-rules';

/** The database as the end of a path. A group of the user's may be all that leads to a database without groups. */
export function pathToDatabase(scope: IConstruct, database: DatabaseTargetFacts, network: NetworkFacts): Destination {
  if (database.securityGroups.length === 0 && !network.securityGroup) {
    throw new ValidationError({
      scope: database.source ?? scope,
      property: 'securityGroups',
      got: [],
      allowed: 'at least one security group of the database',
      remedy: `without one nothing lets the rotation functions in; give the groups of the database '${database.id}' as `
        + '`securityGroups: [group]`, or, for one outside AWS, a group of yours that may reach it, with '
        + '`network: RotationNetwork.of({ vpc, securityGroup })`',
    });
  }
  const port = database.tlsPort ?? database.port;
  const id = database.idIn(scope);
  return {
    securityGroups: database.securityGroups,
    port,
    literalPort: database.tlsPort ?? database.literalPort,
    id,
    purpose: `Rotation of ${id}`,
  };
}
