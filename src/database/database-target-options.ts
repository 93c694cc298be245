import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { ISecret, ISecretAttachmentTarget } from 'aws-cdk-lib/aws-secretsmanager';
import type { DatabaseEngine } from './database-engine';
import type { PostgreSqlAuthentication } from './postgresql-authentication';
import type { PostgreSqlPasswordStatement } from './postgresql-password-statement';
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
   *
   * @default - the engine's own: `admin` for MongoDB, `dev` for Amazon Redshift, `postgres` for PostgreSQL, none for MySQL and
   *   MariaDB
   */
  readonly databaseName?: string;

  /**
   * Length of the passwords that rotations make, in characters: 8 to 100 for Amazon DocumentDB and MongoDB, 8 to 128 for
   * PostgreSQL, 8 to 41 for MySQL and MariaDB, 8 to 64 for Amazon Redshift.
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
   * @default - those that break URLs and shells: colon, slash, at sign, quotation marks and backslash for PostgreSQL and Amazon
   *   Redshift, the same without the colon for MySQL and MariaDB
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
   * 2,000 characters, since they travel in the function's environment.
   *
   * @default - the certificate authorities of Amazon RDS; for Amazon Redshift the roots under which AWS Certificate Manager signs
   */
  readonly certificateAuthorities?: string;

  /**
   * How the functions sign in to PostgreSQL. Refused with other engines.
   *
   * @default PostgreSqlAuthentication.scramSha256()
   */
  readonly authentication?: PostgreSqlAuthentication;

  /**
   * The form in which new passwords are sent to PostgreSQL. Refused with other engines.
   *
   * @default PostgreSqlPasswordStatement.verifier()
   */
  readonly passwordStatement?: PostgreSqlPasswordStatement;
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
   * Port, 1 to 65535.
   *
   * @default - the engine's own: 5432 for PostgreSQL, 3306 for MySQL and MariaDB, 27017 for Amazon DocumentDB and MongoDB
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
   * Another name replaces the rotation functions of the database.
   *
   * @default - made of host and port; required where the host is known only at deployment
   */
  readonly targetName?: string;
}
