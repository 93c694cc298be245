import type { Socket } from 'node:net';

/**
 * Sends a command and reads its reply, in the test's own words: simple, error, number or bulk text. Rejects with the code of an
 * error.
 */
export async function redisReply(socket: Socket, ...words: string[]): Promise<string> {
  socket.write([`*${words.length}`, ...words.flatMap((word) => [`$${Buffer.byteLength(word)}`, word]), ''].join('\r\n'));
  return new Promise((resolve, reject) => {
    let received = '';
    socket.removeAllListeners('data').once('error', reject).once('close', () => reject(new Error('closed')));
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('utf8');
      const [line, ...rest] = received.split('\r\n');
      if (rest.length === 0) {
        return;
      }
      if (line === '$-1' || line === '*-1') {
        resolve('nothing');
      } else if (line.startsWith('-')) {
        reject(new Error(line.slice(1).split(' ')[0]));
      } else if (!line.startsWith('$')) {
        resolve(line.slice(1));
      } else if (Buffer.byteLength(rest.join('\r\n')) >= Number(line.slice(1)) + 2) {
        resolve(rest.join('\r\n').slice(0, -2));
      }
    });
  });
}
