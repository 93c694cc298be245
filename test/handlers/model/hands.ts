import type { Hand } from './system';
import { timeOf } from './times';
import { CURRENT, PENDING, PREVIOUS } from '../../../handlers/core/secret-store';
import type { MemorySecret } from '../support/memory-secret';

export function currentIs(name: string, text: string): Hand {
  return {
    name: `AWSCURRENT is ${name}`,
    act: (secret, serial) => {
      secret.put(`H${serial}`, { text }, [CURRENT], timeOf(secret.versions.size));
      return true;
    },
  };
}

export function pendingIs(name: string, text: string | ((secret: MemorySecret) => string)): Hand {
  return {
    name: `AWSPENDING is ${name}`,
    act: (secret) => {
      const pending = secret.holderOf(PENDING);
      if (pending === undefined || secret.versions.get(pending)!.text !== undefined) {
        return false;
      }
      secret.put(pending, { text: typeof text === 'string' ? text : text(secret) }, [PENDING]);
      return true;
    },
  };
}

/** What can be done to every secret. */
export const HANDS: readonly Hand[] = [
  {
    name: 'AWSCURRENT is moved back',
    act: (secret) => {
      const previous = secret.holderOf(PREVIOUS);
      if (previous !== undefined) {
        secret.move(CURRENT, { to: previous, from: secret.holderOf(CURRENT) });
      }
      return previous !== undefined;
    },
  },
  pendingIs('filled with the current value', (secret) => secret.versions.get(secret.holderOf(CURRENT)!)!.text!),
  pendingIs('filled with no JSON', 'no JSON'),
];
