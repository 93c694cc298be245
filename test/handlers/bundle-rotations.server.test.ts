import { documentdb, mongodb } from './engines/documentdb';
import { EngineRotations } from './engines/engine-rotations';
import type { EngineUnderTest } from './engines/engine-under-test';
import { openldap } from './engines/ldap';
import { mariadb, mysql } from './engines/mysql';
import { postgresql } from './engines/postgresql';
import { redshift } from './engines/redshift';
import { sqlserver } from './engines/sqlserver';
import type { Credentials } from './support/rotation-bench';
import type { FunctionOptions } from './support/rotation-environment';
import type { RotationFunction } from './support/rotation-function';
import { requireServer } from '../servers/require-server';
import { until } from '../servers/until';

const LIMIT = 120_000;
const STRATEGIES = ['single', 'alternating'] as const;
const LINES_OF_A_ROTATION = 4;
const OUTPUT_LIMIT = 20_000;
/** What drivers, Node.js and the SDK take from the environment where nobody stops them. */
const HOSTILE_ENVIRONMENT = {
  PGHOST: 'elsewhere.example',
  PGPORT: '1',
  PGUSER: 'postgres',
  PGPASSWORD: 'x',
  PGOPTIONS: '-c nonsense=1',
  PGSSLMODE: 'disable',
  PGREPLICATION: 'true',
  PGSSLNEGOTIATION: 'direct',
  PGSERVICEFILE: '/dev/null',
  MONGODB_LOG_ALL: 'trace',
  MONGODB_LOG_PATH: 'stderr',
  NODE_TLS_REJECT_UNAUTHORIZED: '0',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
  AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://127.0.0.1:1',
  HTTP_PROXY: 'http://127.0.0.1:1',
  HTTPS_PROXY: 'http://127.0.0.1:1',
  NODE_USE_ENV_PROXY: '1',
};

interface Bundled {
  readonly engine: EngineUnderTest;
  /** Behind the strategy, which makes them different ones. */
  readonly name: string;
  readonly password: string;
  /** The server's code for a login that it refuses. */
  readonly refusal: string;
}

/**
 * Bundles have parts of their drivers only, and some have other parts in their place.
 *
 * Oracle is not here: its listener lets nobody in.
 */
const BUNDLES: readonly Bundled[] = [
  { engine: postgresql(18), name: 'ünï😀', password: 'pässwörd ключ', refusal: '28P01' },
  { engine: mariadb, name: 'ünï', password: 'pässwörd ключ', refusal: '1045' },
  { engine: mysql, name: 'ünï', password: 'pässwörd ключ', refusal: '1045' },
  { engine: sqlserver, name: 'ünï😀', password: 'Pässwörd ключ 1', refusal: '18456' },
  { engine: documentdb, name: 'ünï', password: 'pässwörd ключ', refusal: '18' },
  { engine: mongodb, name: 'ünï', password: 'pässwörd ключ', refusal: '18' },
  { engine: redshift, name: 'ünï', password: 'First1password', refusal: '28000' },
  { engine: openldap, name: 'ünï, = +', password: 'pässwörd ключ', refusal: '49' },
];

describe.each(BUNDLES)('$engine.name', ({ engine, name, password, refusal }) => {
  requireServer(
    ...engine.servers,
    'secrets-manager',
    'lambda-runtime',
  )('in the Lambda runtime, with a name and a password beyond ASCII and in a hostile environment', () => {
    let rotations: EngineRotations;
    let secrets: Record<(typeof STRATEGIES)[number], string>;
    let proving: RotationFunction;
    let bySuperuser: RotationFunction;

    const usernameOf = (strategy: string): string => engine.username?.(`${strategy} ${name}`) ?? `${strategy} ${name}`;

    beforeAll(async () => {
      rotations = await EngineRotations.start(engine);
      const create = async (strategy: string): Promise<string> => {
        const app: Credentials = { username: usernameOf(strategy), password };
        await rotations.bench.createUser(app);
        return rotations.createSecret(app, { big: '<12345678901234567890>' });
      };
      secrets = { single: await create('single'), alternating: await create('alternating') };
      const start = async (options: FunctionOptions): Promise<RotationFunction> =>
        rotations.rotations.inLambda(engine.handler, {
          ...options,
          database: rotations.facts,
          password: engine.passwordRules,
          variables: HOSTILE_ENVIRONMENT,
        });
      proving = await start({ mode: 'prove' });
      bySuperuser = await start({
        mode: 'superuser',
        superuserSecret: await rotations.rotations.createSecret(rotations.bench.superuser),
        bindings: STRATEGIES.map((strategy) => {
          const username = usernameOf(strategy);
          return { secret: secrets[strategy], username, alternateUsername: engine.alternateOf?.(username), strategy };
        }),
      });
    }, LIMIT);

    afterAll(() => rotations.stop());

    const linesOf = (running: RotationFunction): number =>
      running
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{')).length;

    test.each(STRATEGIES)(
      'rotates three times, by itself and by the superuser, with at most nine calls and three logins each: %s',
      async (strategy) => {
        for (const [running, calls, accepted] of [
          [proving, 8, 2],
          [bySuperuser, 9, 3],
          [bySuperuser, 9, 3],
        ] as const) {
          const lines = linesOf(running);
          expect(await rotations.rotate(running, secrets[strategy])).toMatchObject({
            calls: { length: calls },
            logins: { accepted, refused: 0 },
          });
          // What a function writes may come after its answer.
          expect(await until(() => linesOf(running) - lines >= LINES_OF_A_ROTATION, OUTPUT_LIMIT)).toBe(true);
          expect(linesOf(running) - lines).toBe(LINES_OF_A_ROTATION);
        }
        expect((await rotations.rotations.credentials(secrets[strategy])).username).toBe(usernameOf(strategy));
      },
      LIMIT,
    );

    test(
      'says why a login is refused',
      async () => {
        const arn = await rotations.createSecret({ ...rotations.credentials('nobody'), password: 'Wrong1password' });
        await expect(rotations.rotations.rotate(proving, arn)).rejects.toMatchObject({
          reported: { errorMessage: expect.stringMatching(new RegExp(`^authentication: .*\\(${refusal}\\)$`)) as string },
        });
      },
      LIMIT,
    );
  });
});
