import { CfnResource } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { propertyOf } from '../../core/template-property';

/** The properties by which a resource begins with the data, and with the users, of another database. */
const ORIGINS = [
  'snapshotIdentifier', 'dbSnapshotIdentifier', 'dbClusterSnapshotIdentifier', 'snapshotArn', 'snapshotName', 'recoveryPointId',
  'sourceDbInstanceIdentifier', 'sourceDbClusterIdentifier', 'sourceDbInstanceAutomatedBackupsArn', 'sourceDbiResourceId',
  'sourceDbClusterResourceId', 'replicationSourceIdentifier', 'globalClusterIdentifier',
];

/** The resource of a database that the app defines; none where it is imported, or known by its address. */
export function resourceOf(database: IConstruct | undefined): CfnResource | undefined {
  const resource = database?.node.defaultChild ?? database;
  return resource && CfnResource.isCfnResource(resource) ? resource : undefined;
}

/** By which of its properties a resource begins with the data of another database. */
export function originOf(resource: CfnResource): string | undefined {
  return ORIGINS.find((name) => propertyOf(resource, name) !== undefined);
}

/** Whether the app creates a database that has no users yet but those of its engine and its master user. */
export function isCreatedEmpty(database: IConstruct | undefined): boolean {
  const resource = resourceOf(database);
  return resource !== undefined && originOf(resource) === undefined;
}
