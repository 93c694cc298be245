import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { generatePrivateKey, isOfSpec } from './generate-private-key';
import { isWholeKey } from './is-whole-key';
import type { ValueGenerator } from './value-generator';
import type { KeyPairRules } from '../../src/contract/value-rules';
import type { Deadline } from '../core/deadline';

/** A private key as PKCS #8 and its public key as SubjectPublicKeyInfo, both in PEM. */
export class KeyPairGenerator implements ValueGenerator {
  constructor(private readonly rules: KeyPairRules) {}

  async generate(deadline: Deadline): Promise<string[]> {
    return encode(await generatePrivateKey(this.rules.spec, deadline));
  }

  couldHaveMade([privateKey, publicKey]: string[]): boolean {
    try {
      const key = createPrivateKey(privateKey);
      const made = encode(key);
      return isOfSpec(key, this.rules.spec) && made[0] === privateKey && made[1] === publicKey && isWholeKey(key);
    } catch {
      return false;
    }
  }
}

function encode(key: KeyObject): string[] {
  return [pkcs8(key), createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()];
}

export function pkcs8(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
