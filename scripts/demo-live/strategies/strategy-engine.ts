import type { SigningIn } from './applications';
import type { EngineBench, EngineUnderTest } from '../../../test/handlers/engines/engine-under-test';
import { mariadb } from '../../../test/handlers/engines/mysql';
import { postgresql } from '../../../test/handlers/engines/postgresql';
import type { Credentials } from '../../../test/handlers/support/rotation-bench';
import { letsIn } from '../../../test/servers/lets-in';
import { isPostgresqlRefusal, logIn } from '../../../test/servers/log-in';
import { isMysqlRefusal, logInToMysql } from '../../../test/servers/mysql-log-in';

interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly ssl: { readonly ca: string };
}

/** An engine whose users are rotated, and its driver. */
export interface StrategyEngine {
  readonly engine: EngineUnderTest;
  logIn(login: Login): Promise<unknown>;
  isRefusal(thrown: unknown): boolean;
}

/** Those that have a real server here. */
export const STRATEGY_ENGINES: readonly StrategyEngine[] = [
  { engine: postgresql(18), logIn, isRefusal: isPostgresqlRefusal },
  { engine: mariadb, logIn: async (login) => logInToMysql(login), isRefusal: isMysqlRefusal },
];

/** Signs in to a server; fails where that refuses the login, with what the driver says then. What else fails is tried again. */
export function signingIn({ facts, rotations }: EngineBench, { logIn: connect, isRefusal }: StrategyEngine): SigningIn {
  const server = { host: facts.host, port: facts.port, ssl: { ca: rotations.certificates.authority.certificate } };
  return async (version) => {
    const { username: user, password } = version.json<Credentials & object>();
    let refusal: unknown;
    const isRefused = (thrown: unknown): boolean => {
      refusal = thrown;
      return isRefusal(thrown);
    };
    if (!await letsIn(async () => connect({ ...server, user, password } as Login), isRefused)) {
      throw refusal;
    }
  };
}
