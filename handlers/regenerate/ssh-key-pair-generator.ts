import { createPrivateKey, type KeyObject } from 'node:crypto';
import { generatePrivateKey, isOfSpec } from './generate-private-key';
import { isWholeKey } from './is-whole-key';
import { pkcs8 } from './key-pair-generator';
import { openSshPrivateKey, parseOpenSshPrivateKey } from './open-ssh-private-key';
import { sshKeyParts } from './ssh-key-parts';
import type { ValueGenerator } from './value-generator';
import type { SshKeyPairRules } from '../../src/contract/value-rules';
import type { Deadline } from '../core/deadline';

/** A private key for SSH, and its public key as a line of `authorized_keys`. */
export class SshKeyPairGenerator implements ValueGenerator {
  constructor(private readonly rules: SshKeyPairRules) {}

  async generate(deadline: Deadline): Promise<string[]> {
    const key = await generatePrivateKey(this.rules.spec, deadline);
    return [this.rules.pem ? pkcs8(key) : openSshPrivateKey(key, this.comment), this.authorizedKey(key)];
  }

  couldHaveMade([privateKey, publicKey]: string[]): boolean {
    try {
      const key = this.rules.pem ? createPrivateKey(privateKey) : parseOpenSshPrivateKey(privateKey, this.comment);
      const exact = !this.rules.pem || pkcs8(key) === privateKey;
      return exact && isOfSpec(key, this.rules.spec) && this.authorizedKey(key) === publicKey && isWholeKey(key);
    } catch {
      return false;
    }
  }

  private get comment(): string {
    return this.rules.comment ?? '';
  }

  private authorizedKey(key: KeyObject): string {
    const { name, publicKey } = sshKeyParts(key);
    return [name, publicKey.toString('base64'), ...this.comment ? [this.comment] : []].join(' ');
  }
}
