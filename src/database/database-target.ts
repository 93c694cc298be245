import type { Endpoint as DocumentDbEndpoint, IDatabaseCluster as IDocumentDbCluster } from 'aws-cdk-lib/aws-docdb';
import type { Endpoint, IDatabaseCluster, IDatabaseInstance } from 'aws-cdk-lib/aws-rds';
import type { CfnCluster } from 'aws-cdk-lib/aws-redshift';
import type { CfnWorkgroup } from 'aws-cdk-lib/aws-redshiftserverless';
import { DatabaseEngine } from './database-engine';
import type {
  DatabaseConnectionOptions,
  DatabaseHostOptions,
  DatabaseTargetOptions,
  RedshiftTargetOptions,
} from './database-target-options';
import { checkAddress, refuseNoNetwork } from './private/database-checks';
import type { DatabaseTargetFacts } from './private/database-facts';
import { idsOf } from './private/database-identity';
import { clusterResources, ownedParts, refuseDatabaseName } from './private/documentdb-cluster';
import { common, factsOfHost } from './private/host-facts';
import {
  databaseResources,
  endpointOf,
  engineOfRds,
  literalPort,
  masterSecret,
  type RdsDatabase,
  refuseReader,
} from './private/rds-database';
import { redshiftCluster, type RedshiftDatabase, redshiftWorkgroup } from './private/redshift-database';
import { requireSecret } from '../core/require-secret';
import { resolveNetwork } from '../network/private/network-facts';

/**
 * A database in which passwords are rotated.
 *
 * Rotations connect to the database itself: an Amazon RDS Proxy is not a target, because it signs in with credentials of its own.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_turn-on-for-db.html
 *
 * @example
 * const personnel = DatabaseTarget.fromRdsInstance(personnelInstance);
 * new HardenedSecret(this, 'Creds', {
 *   content: SecretContent.databaseCredentials({ username: 'my_custom_app', database: personnel }),
 *   rotation: Rotation.alternatingUsers(),
 * });
 */
export class DatabaseTarget {
  /**
   * An Amazon RDS instance. Engine, host, port, network and admin secret are those of the instance.
   *
   * @param instance the instance, defined in the app or imported; not a read replica, which accepts no password change.
   * @param options what differs from the instance, and what it does not know.
   * @throws where the instance is a read replica, or its engine is not supported or not known.
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_CommonTasks.Connect.html
   */
  static fromRdsInstance(instance: IDatabaseInstance, options: DatabaseTargetOptions = {}): DatabaseTarget {
    return new DatabaseTarget(factsOfRds(instance, 'instanceEndpoint', 'DatabaseTarget.fromRdsInstance', options));
  }

  /**
   * An Amazon Aurora or Amazon RDS cluster, at its writer endpoint. Engine, port, network and admin secret are those of the
   * cluster.
   *
   * @param cluster the cluster, defined in the app or imported with its endpoint; not a replica of another cluster.
   * @param options what differs from the cluster, and what it does not know.
   * @throws where the cluster is a replica, or its engine is not supported or not known.
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Overview.Endpoints.html
   *
   * @example
   * const warehouse = new rds.DatabaseCluster(this, 'Aurora', {
   *   engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_4 }),
   *   writer: rds.ClusterInstance.serverlessV2('Writer'),
   *   vpc,
   * });
   * DatabaseTarget.fromRdsCluster(warehouse);
   */
  static fromRdsCluster(cluster: IDatabaseCluster, options: DatabaseTargetOptions = {}): DatabaseTarget {
    return new DatabaseTarget(factsOfRds(cluster, 'clusterEndpoint', 'DatabaseTarget.fromRdsCluster', options));
  }

  /**
   * An Amazon DocumentDB cluster, at its writer endpoint. Port, network and admin secret are those of the cluster; no elastic
   * cluster.
   *
   * @param cluster the cluster, defined in the app or imported with its endpoint.
   * @param options what differs from the cluster, and what it does not know; no `databaseName`, for all users are in the database
   *   `admin`.
   * @throws where the endpoint is not known or is that of the readers, or an option cannot be right.
   * @see https://docs.aws.amazon.com/documentdb/latest/developerguide/endpoints.html
   */
  static fromDocumentDbCluster(cluster: IDocumentDbCluster, options: DatabaseConnectionOptions = {}): DatabaseTarget {
    const factory = 'DatabaseTarget.fromDocumentDbCluster';
    const engine = DatabaseEngine.DOCUMENTDB._facts;
    refuseDatabaseName(cluster, `${factory}(databaseName)`, options.databaseName);
    const { hostname, port } = endpointOf<DocumentDbEndpoint>(cluster, factory, 'cluster', 'clusterEndpoint');
    checkAddress(cluster, factory, 'cluster', { host: hostname, port, tlsServerName: options.tlsServerName });
    const { vpc, secret } = ownedParts(cluster);
    return new DatabaseTarget({
      ...common(cluster, factory, engine, options),
      host: hostname,
      port,
      literalPort: literalPort(cluster),
      securityGroups: [...cluster.connections.securityGroups],
      attachment: cluster,
      superuser: options.superuser ? requireSecret('superuser', options.superuser) : secret,
      ...idsOf(engine, cluster, { host: hostname, port }),
      source: cluster,
      dependencies: clusterResources(cluster),
      network: (fallback) =>
        options.network?._facts ?? fallback ?? (vpc ? resolveNetwork(cluster, { vpc }) : refuseNoNetwork(cluster, factory)),
    });
  }

  /**
   * A provisioned Amazon Redshift cluster. Host, port and database are those of the cluster.
   *
   * @param cluster the cluster, defined in the app; one of another app is `DatabaseTarget.of()` with its endpoint.
   * @param options what differs from the cluster, and what it does not know: its network and its security groups, above all.
   * @throws where there is no network and the cluster is not publicly accessible, or an option cannot be right.
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-clusters.html
   */
  static fromRedshiftCluster(cluster: CfnCluster, options: RedshiftTargetOptions = {}): DatabaseTarget {
    return new DatabaseTarget(factsOfRedshift(redshiftCluster(cluster), 'DatabaseTarget.fromRedshiftCluster', options));
  }

  /**
   * An Amazon Redshift Serverless workgroup. Host and port are those of the workgroup; give `databaseName` where it is not `dev`.
   *
   * The rotation function writes host, port and engine into the secret, since the AWS CDK cannot attach it to a namespace.
   *
   * @param workgroup the workgroup, defined in the app; one of another app is `DatabaseTarget.of()` with its endpoint.
   * @param options what differs from the workgroup, and what it does not know: its network and its security groups, above all.
   * @throws where there is no network and the workgroup is not publicly accessible, or an option cannot be right.
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-workgroup-namespace.html
   */
  static fromRedshiftServerlessWorkgroup(workgroup: CfnWorkgroup, options: RedshiftTargetOptions = {}): DatabaseTarget {
    return new DatabaseTarget(
      factsOfRedshift(redshiftWorkgroup(workgroup), 'DatabaseTarget.fromRedshiftServerlessWorkgroup', options),
    );
  }

  /**
   * A database by its address: on a server of your own, at another provider, or of another app.
   *
   * A secret that rotates is refused where it names another host or port than this. Where the database moves, put the new ones
   * into the secrets that rotate, with `aws secretsmanager put-secret-value`, after the deployment that changes them here.
   *
   * @param options engine and address, and what is needed to reach it.
   * @throws where host, port or an option cannot be right.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-network-rqmts.html
   *
   * @example
   * DatabaseTarget.of({
   *   engine: DatabaseEngine.POSTGRES,
   *   host: 'warehouse.example.com',
   *   superuser: masterSecret,
   *   network: RotationNetwork.of({ vpc }),
   * });
   */
  static of(options: DatabaseHostOptions): DatabaseTarget {
    return new DatabaseTarget(factsOfHost('DatabaseTarget.of', options.engine._facts, options));
  }

  /** @internal */
  readonly _facts: DatabaseTargetFacts;

  private constructor(facts: DatabaseTargetFacts) {
    this._facts = facts;
  }
}

function factsOfRds(
  database: RdsDatabase,
  member: 'instanceEndpoint' | 'clusterEndpoint',
  factory: string,
  options: DatabaseTargetOptions,
): DatabaseTargetFacts {
  const parameter = factory.slice('DatabaseTarget.fromRds'.length).toLowerCase();
  const endpoint = endpointOf<Endpoint>(database, factory, parameter, member);
  refuseReader(database, `${factory}(${parameter})`);
  const { hostname, port } = endpoint;
  checkAddress(database, factory, parameter, { host: hostname, port, tlsServerName: options.tlsServerName });
  const engine = engineOfRds(database, factory, DatabaseEngine._ALL.map(({ _facts }) => _facts), options.engine?._facts);
  const { vpc } = database;
  return {
    ...common(database, factory, engine, options),
    host: endpoint.hostname,
    port: endpoint.port,
    literalPort: literalPort(database),
    tlsPort: options.tlsPort ?? (engine.separateTlsPort && engine.defaultPort),
    securityGroups: [...database.connections.securityGroups],
    attachment: database,
    superuser: options.superuser ? requireSecret('superuser', options.superuser) : masterSecret(database),
    ...idsOf(engine, database, { ...options, host: endpoint.hostname, port: endpoint.port }),
    source: database,
    dependencies: databaseResources(database),
    network: (fallback) =>
      options.network?._facts ?? fallback ?? (vpc ? resolveNetwork(database, { vpc }) : refuseNoNetwork(database, factory)),
  };
}

function factsOfRedshift(database: RedshiftDatabase, factory: string, options: RedshiftTargetOptions): DatabaseTargetFacts {
  const { resource, publiclyAccessible, databaseName, masterSecret: managed, ...endpoint } = database;
  const engine = DatabaseEngine.REDSHIFT._facts;
  const securityGroups = [...options.securityGroups ?? []];
  return {
    ...common(resource, factory, engine, { ...options, databaseName: options.databaseName ?? databaseName }),
    ...endpoint,
    securityGroups,
    superuser: options.superuser ? requireSecret('superuser', options.superuser) : managed?.(),
    ...idsOf(engine, resource, endpoint),
    source: resource,
    dependencies: [resource],
    network: (fallback) => options.network?._facts ?? fallback
      ?? (publiclyAccessible && securityGroups.length === 0 ? undefined : refuseNoNetwork(resource, factory)),
  };
}
