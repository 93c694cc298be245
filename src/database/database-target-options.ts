import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { ISecret, ISecretAttachmentTarget } from 'aws-cdk-lib/aws-secretsmanager';
import type { DatabaseEngine } from './database-engine';
import type { PasswordStatement } from './password-statement';
import type { PostgreSqlAuthentication } from './postgresql-authentication';
import type { RotationNetwork } from '../network/rotation-network';
import type { CharacterTypeOptions } from '../password/character-type-options';

/** Options of an Amazon Redshift cluster or workgroup, beyond what its resource knows. */
export interface RedshiftTargetOptions extends DatabaseConnectionOptions {
  /**
   * The security groups of the cluster or workgroup, which its resource knows by id only. The functions are let in by rules that
   * are added to them.
   *
   * @default - none: the network's own security group reaches it, or it is publicly accessible
   */
  readonly securityGroups?: ISecurityGroup[];
}

/**
 * Options of any database. All targets of the same database must give the same ones.
 *
 * The types of characters are those of the passwords that rotations make; the first value of a secret has the engine's own.
 * Passwords that the engine would not take are refused.
 */
export interface DatabaseConnectionOptions extends CharacterTypeOptions {
  /**
   * Where the rotation functions of the database run.
   *
   * @default - the network of the secret; else the platform's default network; else the VPC of the database, where it is known;
   *   else, for a host without security groups, outside any VPC
   */
  readonly network?: RotationNetwork;

  /**
   * Secret with the credentials of a user that may change the passwords of others, for the rotations that need one.
   *
   * @default - the admin secret of the instance or cluster, where it is known, be it one that Amazon RDS manages
   */
  readonly superuser?: ISecret;

  /**
   * Database to connect to where the secret names none, 1 to 63 bytes. With Oracle the name of the service, which is required and
   * never the secret's.
   *
   * With Amazon DocumentDB and MongoDB it is the database that users belong to, superusers too, whatever secrets say.
   * Refused with Redis and Valkey, whose users belong to the server.
   *
   * @default - the engine's own: `admin` for MongoDB, `dev` for Amazon Redshift, `postgres` for PostgreSQL, none for MySQL and
   *   MariaDB
   */
  readonly databaseName?: string;

  /**
   * Length of the passwords that rotations make, in characters: 8 to 100 for Amazon DocumentDB and MongoDB, 8 to 128 for
   * PostgreSQL, 8 to 41 for MySQL and MariaDB, 8 to 64 for Amazon Redshift, 16 to 128 for Redis and Valkey.
   *
   * The first value of a secret has the engine's own length, whatever is given here.
   *
   * @default 32
   */
  readonly passwordLength?: number;

  /**
   * Characters that the passwords which rotations make must not contain. At least 16 of the printable ASCII characters must be
   * left.
   *
   * @default - those that break URLs and shells: colon, slash, at sign, quotation marks and backslash for PostgreSQL, Redis
   *   and Amazon Redshift, the same without the colon for MySQL and MariaDB
   */
  readonly excludeCharacters?: string;

  /**
   * Port of TCPS, 1 to 65535, where secrets have to name another one. Oracle only, refused with other engines.
   *
   * The endpoint of an Amazon RDS instance, which its secret names, is at the port without TLS, where the functions never
   * connect. They connect to this one, which the option SSL of the option group has to open.
   *
   * @default - 2484 for an Amazon RDS instance; else `port`
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.Oracle.Options.SSL.html
   */
  readonly tlsPort?: number;

  /**
   * Name that the server's certificate must carry. Required where the host is an IP address, useful where it is an alias.
   *
   * @default - the host
   */
  readonly tlsServerName?: string;

  /**
   * Certificates of the authorities that may have signed the server's certificate, in PEM text: public certificates only, at most
   * 2,400 characters, since they travel in the function's environment. That is room for one root.
   *
   * Required where the package has no certificate authorities of Amazon RDS for the Region, which are some newer Regions, China
   * and AWS GovCloud (US), and where the database is in another Region than the function. A rotation is refused without them;
   * where the stack's Region is not known at synthesis, the rotation function reports that they are missing.
   *
   * @default - the certificate authorities of Amazon RDS in the function's Region; for Amazon Redshift the roots under which AWS
   *   Certificate Manager signs; for Redis and Valkey the public ones that come with Node.js
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
   */
  readonly certificateAuthorities?: string;

  /**
   * How the functions sign in to PostgreSQL. Refused with other engines.
   *
   * @default PostgreSqlAuthentication.scramSha256()
   */
  readonly authentication?: PostgreSqlAuthentication;

  /**
   * The form in which new passwords are sent: a `PostgreSqlPasswordStatement` for PostgreSQL, a `MySqlPasswordStatement` for
   * MySQL and MariaDB. Refused with other engines, which accept one form only.
   *
   * @default - what the server stores of a password: PostgreSqlPasswordStatement.verifier(), MySqlPasswordStatement.hash()
   */
  readonly passwordStatement?: PasswordStatement;
}

/** Options of an Amazon RDS database, beyond what its construct knows. */
export interface DatabaseTargetOptions extends DatabaseConnectionOptions {
  /**
   * The engine. Required where the instance or cluster is imported without one.
   *
   * @default - the engine of the instance or cluster
   */
  readonly engine?: DatabaseEngine;
}

/** A database that is described by its address. */
export interface DatabaseHostOptions extends DatabaseConnectionOptions {
  /** The engine. */
  readonly engine: DatabaseEngine;

  /**
   * DNS name or IP address of the writer: never a reader, never an Amazon RDS Proxy.
   *
   * An IP address needs `tlsServerName`; a name that is known only at deployment needs `targetName`.
   */
  readonly host: string;

  /**
   * The other servers, at the same port: replicas, and all nodes of a cluster. Redis and Valkey only, refused with other engines.
   * At most 20.
   *
   * These servers do not tell each other of users, so a rotation changes the user at each of them, and needs each of them. One
   * that has replicas or belongs to a cluster is refused unless all are named.
   *
   * @default - none
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
   */
  readonly furtherHosts?: string[];

  /**
   * Port, 1 to 65535.
   *
   * @default - the engine's own: 5432 for PostgreSQL, 3306 for MySQL and MariaDB, 27017 for Amazon DocumentDB and MongoDB, 6379
   *   for Redis and Valkey
   */
  readonly port?: number;

  /**
   * Security groups of the database. The functions are let in by rules that are added to them.
   *
   * @default - none: the database is not in a VPC, or the network's own security group reaches it
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * Database whose connection facts CloudFormation writes into the secret, where it is a kind that CloudFormation knows.
   *
   * @default - the rotation function writes host, port and engine into the secret
   */
  readonly attachment?: ISecretAttachmentTarget;

  /**
   * Name of the database in construct ids and function names: unique in the app, 1 to 30 letters, digits and hyphens.
   *
   * Another name replaces the rotation functions of the database. It has no effect where the host is the endpoint of a database
   * that the app defines: that one is known by its construct.
   *
   * @default - made of host and port; required where the host is known only at deployment and is not such an endpoint
   */
  readonly targetName?: string;
}
