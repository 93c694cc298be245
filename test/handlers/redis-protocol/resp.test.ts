import * as fc from 'fast-check';
import { decodeReply, encodeCommand, NoReply } from '../../../handlers/redis-protocol/resp';

test('a command is its words with their lengths in bytes', () => {
  expect(encodeCommand('AUTH', 'ü', 'a\r\n$3').toString()).toBe('*3\r\n$4\r\nAUTH\r\n$2\r\nü\r\n$5\r\na\r\n$3\r\n');
});

test('whatever the words are, they are read back and nothing else is', () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (words) => {
    const bytes = encodeCommand(...words);
    let position = bytes.indexOf('\r\n') + 2;
    const read: string[] = [];
    while (position < bytes.length) {
      const lengthEnd = bytes.indexOf('\r\n', position);
      const length = Number(bytes.toString('utf8', position + 1, lengthEnd));
      read.push(bytes.toString('utf8', lengthEnd + 2, lengthEnd + 2 + length));
      position = lengthEnd + 2 + length + 2;
    }
    expect([bytes.toString('utf8', 0, bytes.indexOf('\r\n')), read, position]).toEqual([`*${words.length}`, words, bytes.length]);
  }));
});

test.each([
  ['+OK\r\n', { kind: 'text', text: 'OK' }], ['$4\r\nüü\r\n', { kind: 'text', text: 'üü' }],
  ['$0\r\n\r\n', { kind: 'text', text: '' }],
  ['-WRONGPASS invalid username-password pair\r\n', { kind: 'error', code: 'WRONGPASS' }],
  ['-NOPERM\r\n', { kind: 'error', code: 'NOPERM' }],
  ['$-1\r\n', { kind: 'nothing' }], ['*-1\r\n', { kind: 'nothing' }], ['*0\r\n', { kind: 'list', items: [] }],
  ['*2\r\n*1\r\n$2\r\non\r\n$-1\r\n', {
    kind: 'list',
    items: [{ kind: 'list', items: [{ kind: 'text', text: 'on' }] }, { kind: 'nothing' }],
  }],
  ['-ERR max number of clients reached\r\n', { kind: 'error', code: 'MAXCLIENTS' }],
  ['-ERR This Redis instance is not configured to use an ACL file. You may\r\n', { kind: 'error', code: 'NOACLFILE' }],
  ['-ERR This Valkey instance is not configured to use an ACL file.\r\n', { kind: 'error', code: 'NOACLFILE' }],
  ['-PASSWORD hunter2\r\n', { kind: 'error', code: 'UNKNOWN' }], ['-\r\n', { kind: 'error', code: 'UNKNOWN' }],
])('%j is a reply, and none before its end', (text, reply) => {
  const bytes = Buffer.from(text);
  expect(decodeReply(bytes)).toEqual(reply);
  for (let length = 0; length < bytes.length; length++) {
    expect(decodeReply(bytes.subarray(0, length))).toBeUndefined();
  }
});

test.each([
  '*1\r\n:1\r\n',
  '*x\r\n',
  '*123456\r\n',
  `${'*1\r\n'.repeat(9)}+OK\r\n`,
  ':1\r\n',
  '\r\n',
  'HTTP/1.1 400 Bad Request\r\n',
  '+OK\r\n+OK\r\n',
  '-ERR\r\nx',
  '$1\r\nab\r\n',
  '$1\r\na\r\nb',
  '$x\r\n',
  '$123456\r\n',
  '%1\r\n',
])('%j is none', (text) => {
  expect(() => decodeReply(Buffer.from(text))).toThrow(NoReply);
});
