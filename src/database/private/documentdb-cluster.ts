import type { IDatabaseCluster } from 'aws-cdk-lib/aws-docdb';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnResource } from 'aws-cdk-lib/core';
import { ValidationError } from '../../core/errors';

const TYPES = ['AWS::DocDB::DBCluster', 'AWS::DocDB::DBInstance'];

/**
 * What only a cluster that is defined in the app has. Its VPC is private there: should it get another name, the network must be
 * given.
 */
export function ownedParts(cluster: IDatabaseCluster): { readonly vpc?: IVpc; readonly secret?: ISecret } {
  return cluster as unknown as { vpc?: IVpc; secret?: ISecret };
}

/** The cluster and its instances, without which nobody can sign in. None where it is imported. */
export function clusterResources(cluster: IDatabaseCluster): CfnResource[] {
  return cluster.node.children.filter(
    (child): child is CfnResource => CfnResource.isCfnResource(child) && TYPES.includes(child.cfnResourceType),
  );
}

/** Refuses any database for users but the only one there is. */
export function refuseDatabaseName(cluster: IDatabaseCluster, property: string, databaseName: string | undefined): void {
  if (databaseName !== undefined) {
    throw new ValidationError({
      scope: cluster,
      property,
      got: databaseName,
      allowed: 'none',
      remedy: 'all users of Amazon DocumentDB are in the database admin: leave it out',
    });
  }
}
