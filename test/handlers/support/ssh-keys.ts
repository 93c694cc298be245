import type { KeyObject } from 'node:crypto';
import { generatedKey } from '../../servers/generated-key';

/** Makes a new key of each kind, by the name that SSH has for it. */
export const KEYS: Record<string, () => KeyObject> = {
  'ssh-ed25519': () => generatedKey('ed25519'),
  'ssh-rsa': () => generatedKey('rsa2048'),
  'ecdsa-sha2-nistp256': () => generatedKey('P-256'),
  'ecdsa-sha2-nistp384': () => generatedKey('P-384'),
  'ecdsa-sha2-nistp521': () => generatedKey('P-521'),
};
