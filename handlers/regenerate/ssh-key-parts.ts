import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { sshNumber, type SshReader, sshString } from './ssh-wire';

/** How SSH writes the numbers of a key of one type. */
interface KeyFormat {
  publicParts(key: JsonWebKey): Buffer[];
  privateParts(key: JsonWebKey): Buffer[];
  /** Reads what `privateParts` has written. */
  read(reader: SshReader): JsonWebKey;
}

const ED25519: KeyFormat = {
  publicParts: ({ x }) => [sshString(bytesOf(x))],
  privateParts: ({ x, d }) => [sshString(bytesOf(x)), sshString(Buffer.concat([bytesOf(d), bytesOf(x)]))],
  read: (reader) => {
    const x = reader.string();
    return { kty: 'OKP', crv: 'Ed25519', x: text(x), d: text(reader.string().subarray(0, x.length)) };
  },
};

const RSA: KeyFormat = {
  publicParts: ({ e, n }) => [sshNumber(bytesOf(e)), sshNumber(bytesOf(n))],
  privateParts: ({ n, e, d, qi, p, q }) => [n, e, d, qi, p, q].map((number) => sshNumber(bytesOf(number))),
  read: (reader) => {
    const [n, e, d, qi, p, q] = Array.from({ length: 6 }, () => withoutZeros(reader.string()));
    return {
      kty: 'RSA',
      n: text(n),
      e: text(e),
      d: text(d),
      qi: text(qi),
      p: text(p),
      q: text(q),
      dp: text(reduced(d, p)),
      dq: text(reduced(d, q)),
    };
  },
};

function ecdsa(curve: string, crv: string, length: number): KeyFormat {
  const point = ({ x, y }: JsonWebKey) => sshString(Buffer.concat([Buffer.of(0x04), bytesOf(x), bytesOf(y)]));
  return {
    publicParts: (key) => [sshString(curve), point(key)],
    privateParts: (key) => [sshString(curve), point(key), sshNumber(bytesOf(key.d))],
    read: (reader) => {
      reader.string();
      const coordinates = reader.string().subarray(1);
      return {
        kty: 'EC',
        crv,
        x: text(coordinates.subarray(0, length)),
        y: text(coordinates.subarray(length)),
        d: text(padded(withoutZeros(reader.string()), length)),
      };
    },
  };
}

const FORMATS: Record<string, KeyFormat> = {
  'ssh-ed25519': ED25519,
  'ssh-rsa': RSA,
  'ecdsa-sha2-nistp256': ecdsa('nistp256', 'P-256', 32),
  'ecdsa-sha2-nistp384': ecdsa('nistp384', 'P-384', 48),
  'ecdsa-sha2-nistp521': ecdsa('nistp521', 'P-521', 66),
};

const NAMES: Record<string, string> = {
  'Ed25519': 'ssh-ed25519',
  'RSA': 'ssh-rsa',
  'P-256': 'ecdsa-sha2-nistp256',
  'P-384': 'ecdsa-sha2-nistp384',
  'P-521': 'ecdsa-sha2-nistp521',
};

/** A key as SSH sees it: the name of its type, and its public and its private parts with that name before them. */
export function sshKeyParts(key: KeyObject): { name: string; publicKey: Buffer; privateKey: Buffer } {
  const jwk = key.export({ format: 'jwk' });
  const name = NAMES[jwk.crv ?? String(jwk.kty)];
  const format = FORMATS[name];
  return {
    name,
    publicKey: Buffer.concat([sshString(name), ...format.publicParts(jwk)]),
    privateKey: Buffer.concat([sshString(name), ...format.privateParts(jwk)]),
  };
}

/** The key whose private parts come next. */
export function readSshKey(reader: SshReader): KeyObject {
  return createPrivateKey({ key: FORMATS[reader.string().toString()].read(reader), format: 'jwk' });
}

function bytesOf(number: string | undefined): Buffer {
  return Buffer.from(String(number), 'base64url');
}

function text(bytes: Buffer): string {
  return bytes.toString('base64url');
}

function withoutZeros(bytes: Buffer): Buffer {
  return bytes.subarray(Math.max(0, bytes.findIndex((byte) => byte !== 0)));
}

/** A number that is too long for its curve would end the whole process: Node.js asserts that it is not. */
function padded(bytes: Buffer, length: number): Buffer {
  if (bytes.length > length) {
    throw new RangeError('too long');
  }
  return Buffer.concat([Buffer.alloc(length - bytes.length), bytes]);
}

/** The private exponent modulo a prime minus one, which OpenSSH leaves to its readers. */
function reduced(exponent: Buffer, prime: Buffer): Buffer {
  const remainder = bigInt(exponent) % (bigInt(prime) - 1n);
  return Buffer.from(remainder.toString(16).padStart(prime.length * 2, '0'), 'hex');
}

function bigInt(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}
