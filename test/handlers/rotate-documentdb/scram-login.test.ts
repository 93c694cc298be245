import * as fc from 'fast-check';
import type { Document } from 'mongodb';
import { ScramLogin } from '../../../handlers/rotate-documentdb/scram-login';
import { type ScramConversation, ScramCredential, type ScramMechanism, usernameIn } from '../../servers/mongodb-scram';

/** The server's side of one login, without a network. */
const logIn = async (login: ScramLogin, mechanism: ScramMechanism, credential: ScramCredential): Promise<Document[]> => {
  const said: Document[] = [];
  let conversation: ScramConversation;
  const connection = {
    hello: {},
    destroy: () => undefined,
    command: async (_namespace: object, command: Document): Promise<Document> => {
      said.push(command);
      const text = (command.payload as Buffer).toString();
      if (command.saslStart === 1) {
        conversation = credential.begin(text);
        return { conversationId: 7, done: false, payload: Buffer.from(conversation.serverFirst) };
      }
      return { conversationId: 7, done: true, payload: Buffer.from(conversation.finish(text) ?? 'e=invalid-proof') };
    },
  };
  await login.auth({ connection, response: { saslSupportedMechs: [mechanism] } });
  return said;
};

const MECHANISMS = ['SCRAM-SHA-1', 'SCRAM-SHA-256'] as const;

test('names come through as they are, and the password by no message', async () => {
  const name = fc.string({
    minLength: 1,
    maxLength: 20,
    unit: fc.oneof(fc.constantFrom('=', ',', '=2C', '.', 'ü', '😀'), fc.string({ minLength: 1, maxLength: 1 })),
  });
  const password = fc.string({ minLength: 8, maxLength: 100, unit: 'grapheme-ascii' }).filter((text) => text.trim() !== '');
  await fc.assert(fc.asyncProperty(name, password, fc.constantFrom(...MECHANISMS), async (username, secret, mechanism) => {
    const credential = new ScramCredential(mechanism, username, secret);
    const login = new ScramLogin(username, { password: secret }, 'admin');
    const said = await logIn(login, mechanism, credential);
    expect(login.hasProved).toBe(true);
    expect(usernameIn((said[0].payload as Buffer).toString())).toBe(username);
    expect(said.map(({ payload }) => (payload as Buffer).toString()).join('')).not.toContain(secret);
    expect(JSON.stringify(login)).not.toContain(secret);
  }), { numRuns: 25 });
});

test.each(MECHANISMS)('another password is no proof: %s', async (mechanism) => {
  const login = new ScramLogin('app', { password: 'one of them' }, 'admin');
  await expect(logIn(login, mechanism, new ScramCredential(mechanism, 'app', 'the other')))
    .rejects.toThrow('has not proved that it knows the password');
  expect(login.hasProved).toBe(false);
});

test('asks which methods the user has, in the database that it belongs to', async () => {
  expect(await new ScramLogin('a.b', { password: 'x' }, 'orders').prepare({ ismaster: 1 }))
    .toEqual({ ismaster: 1, saslSupportedMechs: 'orders.a.b' });
});

test('each login has a nonce of its own', async () => {
  const credential = new ScramCredential('SCRAM-SHA-256', 'app', 'correct horse');
  const nonces = new Set<string>();
  for (let times = 0; times < 3; times++) {
    const [first] = await logIn(new ScramLogin('app', { password: 'correct horse' }, 'admin'), 'SCRAM-SHA-256', credential);
    nonces.add(/r=(.*)$/.exec((first.payload as Buffer).toString())![1]);
  }
  expect(nonces.size).toBe(3);
});

test('a server that says no text is none', async () => {
  const connection = { hello: {}, destroy: () => undefined, command: async () => ({ payload: 'r=x,s=x,i=4096' }) };
  await expect(new ScramLogin('app', { password: 'x' }, 'admin').auth({ connection, response: {} })).rejects.toThrow('not SCRAM');
});
