import { Client } from 'pg';
import { createCertificates } from './certificates';
import { RedshiftPeer } from './redshift-peer';
import { requireServer } from './require-server';

requireServer('postgresql-15')("what stands in for Amazon Redshift, to PostgreSQL's own driver", () => {
  const certificates = createCertificates();
  let peer: RedshiftPeer;
  const signIn = async (user: string, password: string): Promise<unknown> => {
    const client = new Client({
      host: peer.host,
      port: peer.port,
      database: 'dev',
      user,
      password,
      ssl: { ca: certificates.authority.certificate },
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<{ who: string }>('SELECT session_user::text AS who')).rows[0].who;
    } finally {
      await client.end();
    }
  };

  beforeAll(async () => {
    peer = await RedshiftPeer.start(certificates.good);
    await peer.createUser({ username: 'app', password: 'First1password' });
  });

  afterAll(() => peer.stop());

  test('lets in who knows the password, as that user', async () => {
    expect(await signIn('app', 'First1password')).toBe('app');
    expect(peer.logins('accepted')).toBe(1);
  });

  test.each([['app', 'Another1password'], ['nobody', 'First1password']])('and nobody else: %s', async (username, password) => {
    await expect(signIn(username, password)).rejects.toMatchObject({ code: '28000' });
  });

  test('has the rights of its users in the views of Amazon Redshift', async () => {
    await peer.database.query('CREATE TABLE public.t (id int); GRANT SELECT ON public.t TO app WITH GRANT OPTION');
    expect(await peer.database.query("SELECT * FROM redshift.svv_relation_privileges WHERE identity_name = 'app'")).toEqual([
      {
        namespace_name: 'public',
        relation_name: 't',
        privilege_type: 'SELECT',
        identity_name: 'app',
        identity_type: 'user',
        admin_option: true,
      },
    ]);
  });
});
