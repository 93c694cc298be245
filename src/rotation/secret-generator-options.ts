import type { KeyPairSpec } from './key-pair-spec';

/**
 * Options for `SecretGenerator.apiToken()`.
 */
export interface ApiTokenOptions {
  /**
   * What each token begins with, so that people and scanners see what it is for: at most 64 printable ASCII characters without
   * spaces.
   *
   * @default - none
   */
  readonly prefix?: string;

  /**
   * The characters after the prefix: 2 to 94 different printable ASCII characters without the space.
   *
   * @default - the 62 digits and letters
   */
  readonly alphabet?: string;

  /**
   * Number of characters after the prefix, at most 1,024, with at least 128 bits of entropy: 22 of the default alphabet, 32 of 16
   * characters.
   *
   * @default 43
   */
  readonly length?: number;
}

/**
 * Options for `SecretGenerator.symmetricKey()`.
 */
export interface SymmetricKeyOptions {
  /**
   * Length of the key, in bytes before they are written in base64: 16 to 1,024.
   *
   * @default 32
   */
  readonly bytes?: number;
}

/**
 * Options for `SecretGenerator.keyPair()`.
 */
export interface KeyPairOptions {
  /**
   * Algorithm and size.
   *
   * @default KeyPairSpec.ECC_NIST_P256
   */
  readonly spec?: KeyPairSpec;

  /**
   * Name of the JSON field that gets the public key, 1 to 256 characters; the private key goes into the field that the content
   * generates.
   *
   * @default 'publicKey'
   */
  readonly publicKeyField?: string;
}

/**
 * Options for `SecretGenerator.sshKeyPair()`.
 */
export interface SshKeyPairOptions {
  /**
   * Algorithm and size.
   *
   * @default KeyPairSpec.ED25519
   */
  readonly spec?: KeyPairSpec;

  /**
   * Name of the JSON field that gets the public key, 1 to 256 characters; the private key goes into the field that the content
   * generates.
   *
   * @default 'publicKey'
   */
  readonly publicKeyField?: string;

  /**
   * Comment at the end of the public key's line: at most 128 printable ASCII characters, spaces within it among them. It is no
   * secret.
   *
   * @default - none
   */
  readonly comment?: string;

  /**
   * Whether the private key is in PEM (PKCS #8), for programs that do not read the format of OpenSSH.
   *
   * OpenSSH itself reads Ed25519 keys in this form since version 9.6.
   *
   * @default false
   */
  readonly pem?: boolean;
}
