import { once } from 'node:events';
import type { Socket } from 'node:net';
import { beginningWith } from '../../servers/beginning-with';

/** What comes before TLS on a connection: resolves to the client's side, from where TLS begins on both. */
export type TlsBeginning = (client: Socket, server: Socket) => Promise<Socket>;

const POSTGRESQL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
/** Header and body of MySQL's. */
const MYSQL_REQUEST_LENGTH = 36;

/** The client asks, and a letter is the answer. */
export const beginPostgresql: TlsBeginning = async (client, server) => {
  server.write(POSTGRESQL_REQUEST);
  await Promise.all([once(client, 'data'), once(server, 'data')]);
  client.write('S');
  return client;
};

/** The server greets, and the client goes on as if it had been answered. */
export const beginMysql: TlsBeginning = async (client, server) => {
  const [greeting] = await once(server, 'data') as Buffer[];
  client.write(greeting);
  const [request] = await once(client, 'data') as Buffer[];
  server.write(request.subarray(0, MYSQL_REQUEST_LENGTH));
  return beginningWith(request.subarray(MYSQL_REQUEST_LENGTH), client);
};
