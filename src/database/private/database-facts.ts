import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { ISecret, ISecretAttachmentTarget } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct, IDependable } from 'constructs';
import type { DatabaseFacts } from '../../contract/database-facts';
import type { HandlerName } from '../../contract/handler-name';
import type { NameRules } from '../../contract/name-rules';
import type { PasswordRules } from '../../contract/password-rules';
import { textOfToken } from '../../core/token-text';
import type { NetworkFacts } from '../../network/private/network-facts';
import type { PasswordEngine } from '../../password/private/password-checks';

/** What is the same for all databases of an engine. */
export interface EngineFacts extends PasswordEngine {
  readonly handler: HandlerName;
  /** Characters that the service does not take in the password of a master user. */
  readonly masterExcludes: string;
  readonly defaultPort: number;
  readonly maximumUsernameBytes: number;
  /** Names that the functions can send to a server. */
  readonly names: NameRules;
  /** What users' names are, where a message says it better than by naming the engine. */
  readonly usernameForm?: string;
  /** Equal for all ways to write the name of one user, where there are several. */
  readonly userKey?: (username: string) => string;
  /** Whether it is a directory: its targets, contents and rotations have other names. */
  readonly isDirectory?: true;
  /** Names of users that belong to the engine or to Amazon RDS. */
  readonly reservedUsernames: RegExp;
  /** The engine types of Amazon RDS that it stands for. */
  readonly rdsEngineTypes: readonly string[];
  /** The oldest version that the functions work with, where Amazon RDS offers older ones. */
  readonly oldestMajorVersion?: number;
  /** Whether there may be several servers, which do not tell each other of users. */
  readonly furtherHosts?: true;
  /** Whether a user may have two passwords. */
  readonly dualPassword?: true;
  /** Roles that a user which is created may have, where that is limited. */
  readonly maximumRoles?: number;
  /** Whether a role makes a user one that may change others; `databaseName` is the target's. */
  readonly isAdministratorRole?: (role: string, databaseName?: string) => boolean;
  /** Where roles are those of a database: the one that has none for users, and that a session is in where nobody names one. */
  readonly systemDatabase?: string;
  /** Where one name is another user in each database of a server: the database of targets that name none. */
  readonly userDatabase?: string;
  /** Whether servers have certificates of authorities that are the same in every Region. */
  readonly publicAuthorities?: true;
  /** Whether there is a choice of how users sign in. */
  readonly authentication?: true;
  /** Whether the port of an Amazon RDS endpoint is without TLS, which is at a port of its own: the default one. */
  readonly separateTlsPort?: true;
  /** Whether nobody can connect without the name of a database. */
  readonly databaseNameRequired?: true;
  /** The class of the forms in which passwords are sent, where there is a choice. */
  readonly passwordStatement?: 'PostgreSqlPasswordStatement' | 'MySqlPasswordStatement';
}

/** All that the parts know about one database. */
export interface DatabaseTargetFacts {
  readonly engine: EngineFacts;
  readonly host: string;
  /** Servers beside that host, where they do not tell each other of users. */
  readonly furtherHosts?: readonly string[];
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
  /** What messages call it: its id in a stack of its own. */
  readonly id: string;
  /** Equal for all targets in which one name means one user, whatever they were made of. */
  readonly identity: string;
  /** The database's construct, where it has one. */
  readonly source?: IConstruct;
  /** Resources without which nobody can sign in. */
  readonly dependencies: IDependable[];
  /** Id below a construct of any stack: at most 40 letters, digits and hyphens, the same for each target made of one database. */
  idIn(home: IConstruct): string;
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
    furtherHosts: facts.furtherHosts,
    port: textOfToken(facts.port) ?? facts.port,
    tlsPort: facts.tlsPort === undefined ? undefined : textOfToken(facts.tlsPort) ?? facts.tlsPort,
    databaseName: facts.databaseName,
    tlsServerName: facts.tlsServerName,
    certificateAuthorities: facts.certificateAuthorities,
    allowMd5: facts.allowMd5,
    plainPasswordStatement: facts.plainPasswordStatement,
  };
}
