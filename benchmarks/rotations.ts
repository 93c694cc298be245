import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installReference } from './reference/installation';
import { ReferenceFunction } from './reference/reference-function';
import { type Result, result } from './result';
import { type DatabaseBench, documentdb, mariadb, mysql, postgresql, redshift, sqlserver } from './rotation-databases';
import { type Contender, type Cost, takeTurns } from './timed-rotations';
import { Environment } from '../src/contract/environment';
import { FunctionInChild } from '../test/handlers/support/function-in-child';
import { rotationEnvironment } from '../test/handlers/support/rotation-environment';

/** Shares of what the reference needs. */
const BARS: Partial<Record<keyof Cost, number>> = { cold: 0.5, warm: 0.55, peakMemory: 1.5 };
const UNITS: Record<keyof Cost, string> = {
  cold: 'cold, ms',
  warm: 'warm, ms',
  processorTime: 'processor time of a cold rotation, ms',
  peakMemory: 'peak memory, MiB',
};
const STRATEGIES = ['single', 'alternating'] as const;
const BASE = 'app';

type Strategy = (typeof STRATEGIES)[number];

/**
 * Whole rotations, cold and warm, each engine against one server.
 *
 * @param reference checkout of AWS's rotation functions, which take turns with ours where they are given.
 */
export async function measureRotations(rounds: number, reference: string | undefined): Promise<Result[]> {
  const results: Result[] = [];
  if (reference !== undefined) {
    installReference();
  }
  for (const start of [postgresql, mariadb, mysql, sqlserver, documentdb, redshift]) {
    for (const strategy of STRATEGIES) {
      results.push(...await measure(await start(), strategy, rounds, reference));
    }
  }
  return results;
}

async function measure(
  database: DatabaseBench,
  strategy: Strategy,
  rounds: number,
  reference: string | undefined,
): Promise<Result[]> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const superuserSecret = await database.bench.createSecret(database.content(database.superuser));
    const contenders = [await ours(database, strategy, superuserSecret)];
    if (reference !== undefined && database.reference) {
      contenders.push(
        await theirs(database, strategy, superuserSecret, directory, join(reference, database.reference[strategy])),
      );
    }
    const [own, other] = await takeTurns(database.bench, contenders, rounds);
    return (Object.keys(UNITS) as (keyof Cost)[]).flatMap((part) => {
      const name = `${database.name} ${strategy}: ${UNITS[part]}`;
      return [
        result(name, own[part]),
        ...(other
          ? [
            result(`${name}, reference`, other[part]),
            result(`${name}, share of the reference`, own[part] / other[part], BARS[part]),
          ]
          : []),
      ];
    });
  } finally {
    await database.stop();
    rmSync(directory, { recursive: true });
  }
}

async function ours(database: DatabaseBench, strategy: Strategy, superuserSecret: string): Promise<Contender> {
  const secretArn = await secretOf(database, BASE);
  const variables = rotationEnvironment(
    database.bench.guard,
    strategy === 'single'
      ? { mode: 'prove', database: database.facts }
      : {
        mode: 'superuser',
        database: database.facts,
        superuserSecret,
        bindings: [{ secret: secretArn, username: BASE, strategy }],
      },
  );
  const environment = { ...variables, [Environment.ENDPOINT]: emulatorOf(database) };
  return { secretArn, start: () => new FunctionInChild(database.handler, environment) };
}

async function theirs(
  database: DatabaseBench, strategy: Strategy, superuserSecret: string, temporary: string, directory: string,
): Promise<Contender> {
  const authority = join(temporary, 'authority.pem');
  writeFileSync(authority, database.facts.certificateAuthorities!);
  const superuser = strategy === 'alternating' ? { masterarn: superuserSecret } : {};
  const secretArn = await secretOf(database, `reference_${BASE}`, { ssl: true, ...superuser });
  return {
    secretArn,
    start: () =>
      new ReferenceFunction({ directory, engine: database.facts.engine, authority, secretsManager: emulatorOf(database) }),
  };
}

/** The emulator itself, by its address: neither the guard of the tests nor the search for a name is to be measured. */
export function emulatorOf({ bench }: DatabaseBench): string {
  return bench.secrets.url.replace('localhost', '127.0.0.1');
}

export async function secretOf(database: DatabaseBench, username: string, more: Record<string, unknown> = {}): Promise<string> {
  const credentials = { username, password: 'the first password' };
  await database.createUser(credentials);
  return database.bench.createSecret({ ...database.content(credentials), ...more });
}
