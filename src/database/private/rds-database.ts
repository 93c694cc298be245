import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IDatabaseCluster, IDatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { AttachmentTargetType, type ISecret, type ISecretAttachmentTarget } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnResource, Resource, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { EngineFacts } from './database-facts';
import { managedSecret } from './managed-master-secret';
import { resourceOf } from './new-database';
import { ConflictError, ValidationError } from '../../core/errors';
import { propertyOf } from '../../core/template-property';

/** An instance or a cluster, with what only some of their constructs have. */
export type RdsDatabase = (IDatabaseInstance | IDatabaseCluster) & {
  readonly vpc?: IVpc;
  readonly secret?: ISecret;
};

/** What a resource has where Amazon RDS manages its master password. */
interface ManagedPassword {
  readonly attrMasterUserSecretSecretArn: string;
}

const TYPES = ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'];

/** The properties by which the resource of a copy names what it copies. */
export const SOURCES = ['sourceDbInstanceIdentifier', 'sourceDbClusterIdentifier', 'replicationSourceIdentifier'];

/** The resources without which nobody can sign in: the instance, or the cluster and its instances. None where it is imported. */
export function databaseResources(database: IConstruct): CfnResource[] {
  const resources = [database, ...database.node.children].flatMap((construct) => [
    construct,
    construct.node.defaultChild,
  ]);
  const found = resources.filter(
    (resource): resource is CfnResource => resource !== undefined && CfnResource.isCfnResource(resource),
  );
  return [...new Set(found)].filter((resource) => TYPES.includes(resource.cfnResourceType));
}

/** The port in the database's template, where it says one. */
export function literalPort(database: IConstruct): number | undefined {
  const { port } = database.node.defaultChild as unknown as { port?: number | string } ?? {};
  return port === undefined || Token.isUnresolved(port) ? undefined : Number(port);
}

/** The name of the master user in the database's template, where it says one. */
export function masterUsername(database: IConstruct | undefined): string | undefined {
  const resource = resourceOf(database);
  const name = resource && propertyOf(resource, 'masterUsername');
  return typeof name !== 'string' || Token.isUnresolved(name) ? undefined : name;
}

/**
 * The secret of the master user: the one that Amazon RDS manages, where it does. The older constructs know nothing about that
 * one: it is set on their resource, and their own secret then belongs to no user.
 */
export function masterSecret(database: RdsDatabase): ISecret | undefined {
  const resource = resourceOf(database);
  const isKnown = database.secret !== undefined && !Resource.isOwnedResource(database.secret);
  if (!resource || propertyOf(resource, 'manageMasterUserPassword') !== true || isKnown) {
    return database.secret;
  }
  const { attrMasterUserSecretSecretArn: secretArn } = resource as unknown as ManagedPassword;
  return managedSecret(database, secretArn, propertyOf(resource, 'masterUserSecret'));
}

/** The engine of a database, which an imported one may not say. */
export function engineOfRds(
  database: RdsDatabase,
  factory: string,
  engines: readonly EngineFacts[],
  given?: EngineFacts,
): EngineFacts {
  const type = database.engine?.engineType;
  const supported = engines.flatMap(({ rdsEngineTypes }) => rdsEngineTypes).join(', ');
  if (type === undefined) {
    if (given) {
      return given;
    }
    throw new ValidationError({
      scope: database,
      property: `${factory}(engine)`,
      got: undefined,
      allowed: `a DatabaseEngine, for the engine types ${supported}`,
      remedy: 'the database is imported without its engine: say which it is, with `engine: DatabaseEngine.POSTGRES` for example',
    });
  }
  const known = engines.find(({ rdsEngineTypes }) => rdsEngineTypes.includes(type));
  if (!known) {
    throw new ValidationError({
      scope: database,
      property: `${factory}(engine)`,
      got: type,
      allowed: supported,
      remedy: 'use Rotation.custom() with a function of yours, or the password that Amazon RDS manages and '
        + 'Rotation.managedByService()',
    });
  }
  if (given && given !== known) {
    throw new ConflictError(
      database,
      `\`${factory}(engine)\` is ${given.name}, but the database's engine is ${type}`,
      'leave the engine out',
    );
  }
  const version = database.engine?.engineVersion?.majorVersion;
  const oldest = known.oldestMajorVersion;
  if (oldest !== undefined && version !== undefined && !Token.isUnresolved(version) && parseFloat(version) < oldest) {
    throw new ConflictError(
      database,
      `the version of the database is ${version}, and the rotation functions work with ${known.name} ${oldest} and newer`,
      'upgrade the database, or use Rotation.custom() with a function of yours',
    );
  }
  return known;
}

/** Refuses Amazon RDS Proxy, whose host may be a token. */
export function refuseProxy(scope: IConstruct, property: string, attachment: ISecretAttachmentTarget | undefined): void {
  const type = attachment?.asSecretAttachmentTarget().targetType;
  if (type === AttachmentTargetType.RDS_DB_PROXY) {
    throw new ValidationError({
      scope,
      property,
      got: type,
      allowed: 'an instance or a cluster',
      remedy: 'RDS Proxy keeps its own copy of the credentials: rotate at the database behind it',
    });
  }
}

/** Refuses read replicas: they get users and passwords from their source. */
export function refuseReader(database: RdsDatabase, property: string): void {
  const resource = resourceOf(database);
  const source = resource && SOURCES.find((name) => propertyOf(resource, name) !== undefined);
  if (source !== undefined) {
    throw new ValidationError({
      scope: database,
      property,
      got: 'a read replica',
      allowed: 'an instance or a cluster that takes writes',
      remedy: 'a password is changed at the source and copied from there: give the source',
    });
  }
}

/** The factory for each kind of database, as its resource and its members show it. */
const FACTORIES = {
  instance: 'DatabaseTarget.fromRdsInstance',
  cluster: 'DatabaseTarget.fromRdsCluster',
  documentDb: 'DatabaseTarget.fromDocumentDbCluster',
};

/**
 * The endpoint of a database. Refuses a database of another kind, which languages without types let through, and one that is
 * imported without its endpoint.
 */
export function endpointOf<T>(
  database: IConstruct, factory: string, parameter: string, member: 'instanceEndpoint' | 'clusterEndpoint',
): T {
  const right = kindOf(database);
  if (right !== undefined && FACTORIES[right] !== factory) {
    throw new ValidationError({
      scope: database,
      property: `${factory}(${parameter})`,
      got: database,
      allowed: `a database of its kind, which '${database.node.path}' is not`,
      remedy: `use ${FACTORIES[right]}()`,
    });
  }
  try {
    return (database as unknown as Record<string, T>)[member];
  } catch {
    throw new ValidationError({
      scope: database,
      property: `${factory}(${parameter})`,
      got: 'imported without its endpoint',
      allowed: 'one whose endpoint is known',
      remedy: 'import it with `clusterEndpointAddress` and `port`, or use DatabaseTarget.of({ engine, host })',
    });
  }
}

function kindOf(database: IConstruct): keyof typeof FACTORIES | undefined {
  const resource = database.node.defaultChild;
  if (CfnResource.isCfnResource(resource) && resource.cfnResourceType === 'AWS::DocDB::DBCluster') {
    return 'documentDb';
  }
  if ('instanceEndpoint' in database) {
    return 'instance';
  }
  return 'engine' in database || (CfnResource.isCfnResource(resource) && resource.cfnResourceType === 'AWS::RDS::DBCluster')
    ? 'cluster' : undefined;
}
