import type { DatabaseFacts } from '../../../src/contract/database-facts';
import { type MongodbBehaviour, MongodbPeer } from '../../servers/mongodb-peer';
import { requireServer } from '../../servers/require-server';
import { type Credentials, RotationBench, STEPS } from '../support/rotation-bench';
import type { FunctionInProcess } from '../support/rotation-function';

const CANARY = 'canary-8f4b1c';

requireServer('secrets-manager')('what leaves the process', () => {
  let bench: RotationBench;
  const peers: MongodbPeer[] = [];

  beforeAll(async () => {
    bench = await RotationBench.start();
  });

  afterAll(async () => {
    await Promise.all([bench.stop(), ...peers.map(async (peer) => peer.stop())]);
  });

  const start = async (behaviour?: MongodbBehaviour): Promise<{ peer: MongodbPeer; facts: DatabaseFacts }> => {
    const peer = await MongodbPeer.start(bench.certificates.good, 'mongodb', behaviour);
    peers.push(peer);
    return {
      peer,
      facts: {
        engine: 'mongo',
        host: peer.host,
        port: peer.port,
        certificateAuthorities: bench.certificates.authority.certificate,
      },
    };
  };

  /** Runs a rotation that has to fail, and looks through all that it says for values of the victims and of its own. */
  const fail = async (rotating: FunctionInProcess, arn: string): Promise<Record<string, unknown>> => {
    const rotation = await bench.begin(arn);
    let thrown: Error | undefined;
    for (const step of STEPS.slice(0, 3)) {
      thrown ??= await bench.step(rotating, rotation, step).then(() => undefined, (error: Error) => error);
    }
    expect(thrown).toMatchObject({ name: 'RotationError' });
    const { password } = await bench.credentials(arn, 'AWSPENDING').catch(() => ({ password: CANARY }));
    const properties = JSON.stringify([thrown, Object.getOwnPropertyDescriptors(thrown)]);
    const said = [rotating.output(), thrown!.message, String(thrown!.stack), properties].join('\n');
    for (const value of [CANARY, password]) {
      expect(said).not.toContain(value);
    }
    return rotating.lastLine;
  };

  const secretOf = async (facts: object, credentials: Credentials): Promise<string> =>
    bench.createSecret({ ...facts, certificateAuthorities: undefined, ...credentials });

  test.each<[MongodbBehaviour, string]>([
    ['offers-plain', 'protocol'], ['wrong-signature', 'protocol'], ['foreign-nonce', 'protocol'], ['arbiter', 'protocol'],
    ['negative-length', 'protocol'],
    ['another-user', 'conflict'], ['two-users', 'conflict'], ['secondary', 'readOnly'],
  ])('to a server that %s: nothing of the secret', async (behaviour, errorClass) => {
    const { peer, facts } = await start(behaviour);
    peer.accounts.add('app', CANARY, { roles: [{ role: 'rotates_itself', db: 'admin' }] });
    const rotating = bench.inProcess('rotate-documentdb', { mode: 'prove', database: facts }, 10_000);
    expect(await fail(rotating, await secretOf(facts, { username: 'app', password: CANARY }))).toMatchObject({ errorClass });
    expect(peer.received.includes(CANARY)).toBe(false);
    expect(peer.changes()).toEqual([]);
  });

  test('of a password that is refused, of the user and of the superuser', async () => {
    const { peer, facts } = await start();
    peer.accounts.add('app', 'the right one');
    const arn = await secretOf(facts, { username: 'app', password: CANARY });
    expect(await fail(bench.inProcess('rotate-documentdb', { mode: 'prove', database: facts }), arn))
      .toMatchObject({ errorClass: 'authentication', errorCode: '18' });
    await bench.abandon(await bench.pendingOf(arn));
    const superuserSecret = await bench.createSecret({ username: peer.superuser.username, password: CANARY });
    const bindings = [{ secret: arn, username: 'app', strategy: 'single' as const }];
    const asSuperuser = bench.inProcess('rotate-documentdb', { mode: 'superuser', database: facts, superuserSecret, bindings });
    expect(await fail(asSuperuser, arn)).toMatchObject({ errorClass: 'authentication' });
  });

  test('of a change that the server refuses in words that quote it', async () => {
    const { peer, facts } = await start();
    // Its message has the command in it.
    peer.accounts.add('app', CANARY, { roles: [{ role: 'read', db: 'orders' }] });
    const rotating = bench.inProcess('rotate-documentdb', { mode: 'prove', database: facts });
    expect(await fail(rotating, await secretOf(facts, { username: 'app', password: CANARY })))
      .toMatchObject({ errorClass: 'permission', errorCode: '13' });
    expect(peer.changes()).toHaveLength(1);
  });
});
