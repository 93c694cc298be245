import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { ISecret, ISecretAttachmentTarget } from 'aws-cdk-lib/aws-secretsmanager';
import { Token, Tokenization } from 'aws-cdk-lib/core';
import type { IConstruct, IDependable } from 'constructs';
import type { DatabaseFacts } from '../../contract/database-facts';
import type { HandlerName } from '../../contract/handler-name';
import type { PasswordRules } from '../../contract/password-rules';
import type { NetworkFacts } from '../../network/private/network-facts';
import type { PasswordEngine } from '../../password/private/password-checks';

/** What is the same for all databases of an engine. */
export interface EngineFacts extends PasswordEngine {
  readonly handler: HandlerName;
  readonly defaultPort: number;
  readonly maximumUsernameBytes: number;
  /** Names that clients can sign in with, where those are not all. */
  readonly usernames?: { readonly pattern: RegExp; readonly allowed: string };
  /** Names of users that belong to the engine or to Amazon RDS. */
  readonly reservedUsernames: RegExp;
  /** The engine types of Amazon RDS that it stands for. */
  readonly rdsEngineTypes: readonly string[];
  /** Whether a user may have two passwords. */
  readonly dualPassword?: true;
  /** Roles that a user which is created may have, where that is limited. */
  readonly maximumRoles?: number;
  /** Whether there is a choice of how users sign in. */
  readonly authentication?: true;
  /** Whether the port of an Amazon RDS endpoint is without TLS, which is at a port of its own: the default one. */
  readonly separateTlsPort?: true;
  /** Whether nobody can connect without the name of a database. */
  readonly databaseNameRequired?: true;
  /** Whether there is a choice of the form in which passwords are sent. */
  readonly passwordStatement?: true;
}

/** All that the parts know about one database. */
export interface DatabaseTargetFacts {
  readonly engine: EngineFacts;
  readonly host: string;
  /** May be a token. */
  readonly port: number;
  /** The port that the database's resource was given, where `port` is an attribute of it. */
  readonly literalPort?: number;
  /** The port for TLS, where it is not the one that secrets name. */
  readonly tlsPort?: number;
  readonly databaseName?: string;
  readonly tlsServerName?: string;
  readonly certificateAuthorities?: string;
  readonly allowMd5?: boolean;
  readonly plainPasswordStatement?: boolean;
  /** Groups that the database is in: empty where it is outside a VPC. */
  readonly securityGroups: ISecurityGroup[];
  readonly attachment?: ISecretAttachmentTarget;
  readonly superuser?: ISecret;
  /** Rules of the passwords that rotations make. */
  readonly password: PasswordRules;
  /** Construct id: at most 40 letters, digits and hyphens, the same for each target made of one database. */
  readonly id: string;
  /** The database's construct, where it has one. */
  readonly source?: IConstruct;
  /** Resources without which nobody can sign in. */
  readonly dependencies: IDependable[];
  /**
   * The network of the functions: the one that the target names, else the fallback, else that of the database; none outside a
   * VPC.
   *
   * @throws where there must be one and it is not known.
   */
  network(fallback?: NetworkFacts): NetworkFacts | undefined;
}

/** The facts in the form in which the functions get them. */
export function connectionFacts(facts: DatabaseTargetFacts): DatabaseFacts {
  return {
    engine: facts.engine.name,
    host: facts.host,
    port: textOfToken(facts.port) ?? facts.port,
    tlsPort: facts.tlsPort === undefined ? undefined : textOfToken(facts.tlsPort) ?? facts.tlsPort,
    databaseName: facts.databaseName,
    tlsServerName: facts.tlsServerName,
    certificateAuthorities: facts.certificateAuthorities,
    allowMd5: facts.allowMd5,
    plainPasswordStatement: facts.plainPasswordStatement,
  };
}

/** The same text each time, so that facts can be compared: `Tokenization.stringifyNumber` makes a new one for each call. */
export function textOfToken(port: number): string | undefined {
  const token = Tokenization.reverseNumber(port);
  return token && Token.asString(token);
}
