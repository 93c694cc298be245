import { CfnResource, Token } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import type { EngineFacts } from './database-facts';
import { idOfConstruct, idOfHost } from './database-id';
import { SOURCES } from './rds-database';
import { attributeBehind } from '../../core/token-text';
import type { DatabaseHostOptions } from '../database-target-options';

/** A database of the app behind an address that is a token, or what else the address belongs to. */
export interface KnownAddress {
  readonly kind: 'database' | 'proxy' | 'reader';
  readonly resource: CfnResource;
}

const PROXIES = ['AWS::RDS::DBProxy', 'AWS::RDS::DBProxyEndpoint'];
const CLUSTERS = ['AWS::RDS::DBCluster', 'AWS::DocDB::DBCluster'];
const MEMBERS = ['AWS::RDS::DBInstance', 'AWS::DocDB::DBInstance'];
const DATABASES = [...CLUSTERS, ...MEMBERS, 'AWS::Redshift::Cluster', 'AWS::RedshiftServerless::Workgroup'];

/** What in the app an address belongs to: nothing that is known where it is literal, or of another app. */
export function knownAddress(host: string): KnownAddress | undefined {
  const { resource, name } = attributeBehind(host) ?? {};
  if (resource === undefined || name === undefined) {
    return undefined;
  }
  const type = resource.cfnResourceType;
  if (PROXIES.includes(type)) {
    return { kind: 'proxy', resource };
  }
  if (!DATABASES.includes(type)) {
    return undefined;
  }
  return { kind: name.startsWith('ReadEndpoint') || isCopy(resource) ? 'reader' : 'database', resource: wholeOf(resource) };
}

/** The database of the app that an address belongs to: as its construct, where it has one. */
export function databaseBehind(host: string): IConstruct | undefined {
  const known = knownAddress(host);
  return known?.kind === 'database' ? constructOf(known.resource) : undefined;
}

/** Where users are found. */
interface UsersPlace {
  readonly host: string;
  readonly port: number;
  readonly databaseName?: string;
  /** The construct that a target was made of. */
  readonly database?: IConstruct;
}

/**
 * Equal for all targets in which one name means one user: the construct of a database that the app defines, else the address, and
 * the name of the database where users belong to one.
 */
function identityOf(engine: EngineFacts, { host, port, databaseName, database }: UsersPlace): string {
  const defined = databaseBehind(host) ?? (database && isDefined(database) ? database : undefined);
  const server = defined ? defined.node.path : `${host.toLowerCase()}:${Token.isUnresolved(port) ? '' : port}`;
  return engine.userDatabase === undefined ? server : `${server}/${databaseName ?? engine.userDatabase}`;
}

/** Whether the app defines a database, or what belongs to it, rather than imports it. */
export function isDefined(construct: IConstruct): boolean {
  return CfnResource.isCfnResource(construct.node.defaultChild ?? construct);
}

/** Instances of a cluster are the cluster. */
function wholeOf(resource: CfnResource): CfnResource {
  const { dbClusterIdentifier } = resource as { dbClusterIdentifier?: string };
  const cluster = MEMBERS.includes(resource.cfnResourceType) && dbClusterIdentifier !== undefined
    ? attributeBehind(dbClusterIdentifier)?.resource : undefined;
  return cluster && CLUSTERS.includes(cluster.cfnResourceType) ? cluster : resource;
}

function constructOf(resource: CfnResource): IConstruct {
  const scope = resource.node.scope!;
  return scope.node.defaultChild === resource ? scope : resource;
}

function isCopy(resource: CfnResource): boolean {
  return SOURCES.some((name) => (resource as unknown as Record<string, unknown>)[name] !== undefined);
}

/** Id and identity of a database that has a construct. */
export function idsOf(engine: EngineFacts, database: IConstruct, place: Omit<UsersPlace, 'database'>) {
  return {
    id: idOfConstruct(engine.name, database),
    identity: identityOf(engine, { ...place, database }),
    idIn: (home: IConstruct) => idOfConstruct(engine.name, database, home),
  };
}

/** The same of a database that has an address only. */
export function idsOfHost(
  { scope, factory, engine }: { readonly scope: IConstruct; readonly factory: string; readonly engine: EngineFacts },
  options: Omit<DatabaseHostOptions, 'engine'> & { readonly port: number },
) {
  const { host, port, targetName, attachment } = options;
  const id = idOfHost({ scope, property: `${factory}(targetName)` }, engine.name, host, port, targetName);
  const database = Construct.isConstruct(attachment) ? attachment : undefined;
  return { id, identity: identityOf(engine, { ...options, database }), idIn: () => id };
}
