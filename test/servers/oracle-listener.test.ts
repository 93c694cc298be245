import { once } from 'node:events';
import { connect } from 'node:tls';
import { createCertificates } from './certificates';
import { type ListenerOptions, OracleListener } from './oracle-listener';

const certificates = createCertificates();
const DESCRIPTOR = '(DESCRIPTION=(CONNECT_DATA=(SERVICE_NAME=ORCL)))';

/** A packet of type connect as clients send it, with its text in it or in a packet that follows. */
function connectPackets(apart: boolean): Buffer {
  const header = Buffer.alloc(74);
  header.writeUInt16BE(74 + (apart ? 0 : DESCRIPTOR.length), 0);
  header.writeUInt8(1, 4);
  header.writeUInt16BE(DESCRIPTOR.length, 24);
  header.writeUInt16BE(74, 26);
  const data = Buffer.alloc(10);
  data.writeUInt16BE(10 + DESCRIPTOR.length, 0);
  data.writeUInt8(6, 4);
  return Buffer.concat([header, ...apart ? [data] : [], Buffer.from(DESCRIPTOR)]);
}

async function conversation(
  options: Partial<ListenerOptions>,
  sent: Buffer,
): Promise<{ listener: OracleListener; answer: Buffer }> {
  const listener = await OracleListener.start({ certificate: certificates.good, answer: 12514, ...options });
  const client = connect({ host: listener.host, port: listener.port, ca: certificates.authority.certificate });
  await once(client, 'secureConnect');
  // In pieces, as a network may deliver it.
  client.write(sent.subarray(0, 5));
  client.write(sent.subarray(5));
  const [answer] = await once(client, 'data') as [Buffer];
  client.destroy();
  await listener.stop();
  return { listener, answer };
}

describe("Oracle's listener", () => {
  test.each([false, true])('reads where a client wants to go, and refuses with a number: text apart %s', async (apart) => {
    const { listener, answer } = await conversation({}, connectPackets(apart));
    expect(listener).toMatchObject({ connections: 1, handshakes: 1, descriptors: [DESCRIPTOR] });
    expect([answer.readUInt16BE(0), answer[4], answer.readUInt16BE(10)]).toEqual([answer.length, 4, answer.length - 12]);
    expect(answer.toString('latin1', 12)).toMatch(/^\(DESCRIPTION=.*\(ERR=12514\)/);
  });

  test('sends clients elsewhere', async () => {
    const { answer } = await conversation(
      { answer: 'redirect', elsewhere: '(ADDRESS=(PROTOCOL=TCP)(HOST=elsewhere.example)(PORT=1))' },
      connectPackets(false),
    );
    expect([answer.readUInt16BE(0), answer[4]]).toEqual([answer.length, 5]);
    expect(answer.toString('latin1', 10)).toBe('(ADDRESS=(PROTOCOL=TCP)(HOST=elsewhere.example)(PORT=1))');
  });

  test('announces a handshake', async () => {
    const { answer } = await conversation({ answer: 'handshake' }, connectPackets(false));
    expect(answer).toEqual(Buffer.from([0, 8, 0, 0, 11, 8, 0, 0]));
  });
});
