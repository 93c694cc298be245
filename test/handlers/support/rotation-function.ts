import { databaseRotation } from '../../../handlers/database/database-strategy';
import { type HandlerOptions, makeHandler, type RotationHandler } from '../../../handlers/make-handler';
import { RegenerateStrategy } from '../../../handlers/regenerate/regenerate-strategy';
import { cacheUserRotation } from '../../../handlers/rotate-cache-user/cache-user-rotation';
import { DocumentdbTarget } from '../../../handlers/rotate-documentdb/documentdb-target';
import { accessKeyRotation } from '../../../handlers/rotate-iam-access-key/access-key-rotation';
import { LdapTarget } from '../../../handlers/rotate-ldap/ldap-target';
import { mysqlTarget } from '../../../handlers/rotate-mysql/mysql-target';
import { OracleTarget } from '../../../handlers/rotate-oracle/oracle-target';
import { PostgresqlTarget } from '../../../handlers/rotate-postgresql/postgresql-target';
import { RedisTarget } from '../../../handlers/rotate-redis/redis-target';
import { RedshiftTarget } from '../../../handlers/rotate-redshift/redshift-target';
import { SqlserverTarget } from '../../../handlers/rotate-sqlserver/sqlserver-target';

/** Milliseconds that a function has, unless a test says otherwise. */
export const FUNCTION_LIMIT = 20_000;
export const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:rotation';
const STRATEGIES: Record<HandlerName, HandlerOptions['strategy']> = {
  'rotate-cache-user': (facts) => cacheUserRotation(facts),
  'rotate-documentdb': databaseRotation((facts) => new DocumentdbTarget(facts)),
  'rotate-iam-access-key': (facts) => accessKeyRotation().strategy(facts),
  'rotate-ldap': databaseRotation((facts) => new LdapTarget(facts)),
  'rotate-mysql': databaseRotation(mysqlTarget),
  'rotate-oracle': databaseRotation((facts) => new OracleTarget(facts)),
  'rotate-postgresql': databaseRotation((facts) => new PostgresqlTarget(facts)),
  'rotate-redis': databaseRotation((facts) => new RedisTarget(facts)),
  'rotate-redshift': databaseRotation((facts) => new RedshiftTarget(facts)),
  'rotate-sqlserver': databaseRotation((facts) => new SqlserverTarget(facts)),
  'regenerate': (facts) => new RegenerateStrategy(facts.valueBindings),
};

export type HandlerName =
  | 'rotate-cache-user'
  | 'rotate-documentdb'
  | 'rotate-iam-access-key'
  | 'rotate-ldap'
  | 'rotate-mysql'
  | 'rotate-oracle'
  | 'rotate-postgresql'
  | 'rotate-redis'
  | 'rotate-redshift'
  | 'rotate-sqlserver'
  | 'regenerate';

/** A rotation function, wherever it runs. */
export interface RotationFunction {
  /** Rejects with what Lambda would report. */
  invoke(event: unknown): Promise<void>;
  /** Everything that it wrote. */
  output(): string;
  stop(): Promise<void>;
}

/** The handler in this process: quick, and seen by the coverage. A new one is a new process as far as memory goes. */
export class FunctionInProcess implements RotationFunction {
  readonly lines: string[] = [];
  private readonly handler: RotationHandler;

  constructor(
    handler: HandlerName, variables: Record<string, string>, private readonly milliseconds = FUNCTION_LIMIT,
    options: Partial<HandlerOptions> = {},
  ) {
    this.handler = makeHandler({ strategy: STRATEGIES[handler], variables, write: (line) => this.lines.push(line), ...options });
  }

  async invoke(event: unknown, invokedFunctionArn = FUNCTION_ARN): Promise<void> {
    const endsAt = Date.now() + this.milliseconds;
    await this.handler(event, { invokedFunctionArn, getRemainingTimeInMillis: () => endsAt - Date.now() });
  }

  output(): string {
    return this.lines.join('\n');
  }

  /** The last line of the log. */
  get lastLine(): Record<string, unknown> {
    return JSON.parse(this.lines[this.lines.length - 1]) as Record<string, unknown>;
  }

  async stop(): Promise<void> {
    // Nothing to end.
  }
}
