import * as net from 'node:net';
import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { openSocket } from '../../../handlers/tls/open-socket';

const silent = new net.Socket();

/** As where packets are dropped: the connection is neither made nor refused. */
jest.mock('node:net', () => ({ ...jest.requireActual<typeof net>('node:net'), connect: () => silent }));

test('a connection that is neither made nor refused is given up', async () => {
  const opening = openSocket({ host: 'localhost', port: 3306 }, new Deadline(systemClock, 100));
  await expect(opening).rejects.toMatchObject({ errorClass: 'network', code: 'ETIMEDOUT' });
  expect(silent.destroyed).toBe(true);
});
