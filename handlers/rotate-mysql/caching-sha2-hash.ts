import { createHash, hash } from 'node:crypto';
import { RotationError } from '../core/rotation-error';

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SALT_CHARACTERS = 20;
const ROUNDS_UNIT = 1_000;
const DIGEST_BYTES = 32;
/** After as many rounds as this, their inputs are made of the same parts again: 2 times 3 times 7. */
const REPEATING = 42;
/** What MySQL lets its administrators choose. */
const LEGAL_ROUNDS = { minimum: 5_000, maximum: 4_095_000 };
/** Sixty times what MySQL does by default, and seconds of a small function, which can do nothing else meanwhile. */
export const MAXIMUM_ROUNDS = 300_000;
/** `$A$`, thousands of rounds in hexadecimal, `$`, 20 characters of salt, 43 of the digest. */
const STORED = /^\$A\$([0-9A-F]{3})\$([\x01-\x7f]{20})[./0-9A-Za-z]{43}$/s;

/**
 * What `caching_sha2_password` stores instead of a password: SHA-crypt with SHA-256, a salt of 20 characters and a count of
 * rounds.
 *
 * @see https://www.akkadia.org/drepper/SHA-crypt.txt
 */
export function cachingSha2Hash(password: string, salt: string, rounds: number): string {
  const digest = shaCrypt(Buffer.from(password), Buffer.from(salt, 'latin1'), rounds);
  return `$A$${(rounds / ROUNDS_UNIT).toString(16).toUpperCase().padStart(3, '0')}$${salt}${encode(digest)}`;
}

/** What a server says that it does, in whole thousands; throws for what is no number of rounds, or too many. */
export function checkedRounds(text: string): number {
  const rounds = Number(text);
  if (!(rounds >= LEGAL_ROUNDS.minimum && rounds <= LEGAL_ROUNDS.maximum)) {
    throw new RotationError('protocol', 'the server says that it hashes passwords in a number of rounds that no server does');
  }
  checkCost(rounds);
  return Math.floor(rounds / ROUNDS_UNIT) * ROUNDS_UNIT;
}

/** Whether a password is the one that a stored text was made from. */
export function isHashOf(stored: string, password: string): boolean {
  const [, thousands, salt] = STORED.exec(stored) ?? [];
  const rounds = parseInt(thousands, 16) * ROUNDS_UNIT;
  checkCost(rounds);
  return salt !== undefined && cachingSha2Hash(password, salt, rounds) === stored;
}

function checkCost(rounds: number): void {
  if (rounds > MAXIMUM_ROUNDS) {
    throw new RotationError('configuration', `the server hashes the password in more than ${MAXIMUM_ROUNDS} rounds: set `
      + 'caching_sha2_password_digest_rounds to fewer, and then the password of the user');
  }
}

/**
 * The salt for the password of a version, in characters that need no quotation.
 *
 * It is derived, not random, so that setting the password again changes nothing. A salt is no secret; it has to be unique,
 * which a token is.
 */
export function saltFor(username: string, token: string): string {
  const bytes = createHash('sha256').update(JSON.stringify(['cdk-secretsmanager-patterns', username, token])).digest();
  return [...bytes.subarray(0, SALT_CHARACTERS)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

function shaCrypt(password: Buffer, salt: Buffer, rounds: number): Buffer {
  const alternate = sha256(password, salt, password);
  const bits = [...password.length.toString(2)].reverse();
  let digest = sha256(
    password,
    salt,
    repeat(alternate, password.length),
    ...bits.map((bit) => (bit === '1' ? alternate : password)),
  );
  const passwordSequence = repeat(sha256(...Array.from(password, () => password)), password.length);
  const saltSequence = repeat(sha256(...Array.from({ length: 16 + digest[0] }, () => salt)), salt.length);
  const inputs = Array.from({ length: REPEATING }, (_, round) => roundInput(round, passwordSequence, saltSequence));
  for (let round = 0; round < rounds; round++) {
    const { input, at } = inputs[round % REPEATING];
    digest.copy(input, at);
    digest = hash('sha256', input, 'buffer');
  }
  return digest;
}

/** What a round hashes, with room for the digest of the one before. */
function roundInput(
  round: number, passwordSequence: Buffer, saltSequence: Buffer,
): { readonly input: Buffer; readonly at: number } {
  const odd = round % 2 === 1;
  const [digest, none] = [Buffer.alloc(DIGEST_BYTES), Buffer.alloc(0)];
  const parts = [
    odd ? passwordSequence : digest,
    round % 3 === 0 ? none : saltSequence,
    round % 7 === 0 ? none : passwordSequence,
    odd ? digest : passwordSequence,
  ];
  const input = Buffer.concat(parts);
  return { input, at: odd ? input.length - DIGEST_BYTES : 0 };
}

function sha256(...parts: Buffer[]): Buffer {
  return hash('sha256', Buffer.concat(parts), 'buffer');
}

/** As many bytes as wanted, over and over. */
function repeat(bytes: Buffer, length: number): Buffer {
  return Buffer.alloc(length, bytes);
}

/** Three bytes at a time become four characters, the lowest six bits first, in the order of bytes that SHA-crypt prescribes. */
function encode(digest: Buffer): string {
  let [first, second, third] = [0, 10, 20];
  let text = '';
  for (let group = 0; group < 10; group++) {
    text += characters(digest[first] * 0x10000 + digest[second] * 0x100 + digest[third], 4);
    [first, second, third] = [third + 1, first + 1, second + 1];
  }
  return text + characters(digest[31] * 0x100 + digest[30], 3);
}

function characters(value: number, count: number): string {
  return Array.from({ length: count }, (_, place) => ALPHABET[Math.floor(value / 64 ** place) % 64]).join('');
}
