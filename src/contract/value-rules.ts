import type { PasswordRules } from './password-rules';

/** One secret whose value the `regenerate` function makes. */
export interface ValueBinding extends ValueRules {
  /** ARN or name of the secret. */
  readonly secret: string;
  /** JSON field that is replaced, with a key pair that of the private key; absent where the value is the whole string. */
  readonly field?: string;
}

/** What the value is: exactly one of these. */
export interface ValueRules {
  readonly password?: PasswordRules;
  readonly apiToken?: ApiTokenRules;
  readonly symmetricKey?: SymmetricKeyRules;
  /** A random one, of version 4. */
  readonly uuid?: true;
  readonly keyPair?: KeyPairRules;
  readonly sshKeyPair?: SshKeyPairRules;
}

export interface ApiTokenRules {
  readonly prefix: string;
  readonly alphabet: string;
  /** Characters after the prefix. */
  readonly length: number;
}

/** A random key, in base64. */
export interface SymmetricKeyRules {
  readonly bytes: number;
}

/** A private key as PKCS #8 and its public key as SubjectPublicKeyInfo, both in PEM. */
export interface KeyPairRules {
  readonly spec: KeySpec;
  /** JSON field of the public key. */
  readonly publicKeyField: string;
}

/** A private key in the format of OpenSSH, and its public key as a line of `authorized_keys`. */
export interface SshKeyPairRules extends KeyPairRules {
  readonly comment?: string;
  /** Whether the private key is PKCS #8 in PEM instead. */
  readonly pem?: boolean;
}

/** Which algorithm and parameters a key pair is of, as `KeyPairSpec` names them. */
export type KeySpec = (typeof KEY_SPECS)[number];

export const KEY_SPECS = ['rsa2048', 'rsa3072', 'rsa4096', 'p256', 'p384', 'p521', 'ed25519'] as const;
