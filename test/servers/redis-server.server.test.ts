import { createCertificates } from './certificates';
import { RedisServer } from './redis-server';
import { requireServer } from './require-server';

requireServer('redis')('Redis', () => {
  const { good } = createCertificates();
  let server: RedisServer;

  beforeAll(async () => {
    server = await RedisServer.start({ certificate: good });
  });

  afterAll(() => server.stop());

  test('a user has the passwords that it was last given', async () => {
    await server.setUser('app', ['one password', 'and another']);
    expect([
      await server.worksFor({ username: 'app', password: 'one password' }),
      await server.worksFor({ username: 'app', password: 'and another' }),
    ]).toEqual([true, true]);
    await server.setUser('app', ['and another']);
    expect([
      await server.worksFor({ username: 'app', password: 'one password' }),
      await server.worksFor({ username: 'app', password: 'and another' }),
    ]).toEqual([false, true]);
  });

  test('nobody is let in without a password', async () => {
    await expect(server.as({ username: 'default', password: '' }, 'PING')).rejects.toThrow('WRONGPASS');
    await expect(server.as({ username: 'default', password: 'x' }, 'PING')).rejects.toThrow('WRONGPASS');
  });

  test('counts logins and refusals', async () => {
    const before = [await server.logins(), await server.refusals()];
    await server.worksFor({ username: 'nobody', password: 'x' });
    const after = [await server.logins(), await server.refusals()];
    // One for each question that this asks the server, too.
    expect([after[0] - before[0], after[1] - before[1]]).toEqual([3, 1]);
  });
});
