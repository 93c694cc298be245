import type { KeySpec } from '../contract/value-rules';

/**
 * Algorithm and size of a key pair.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
 *
 * @example
 * SecretGenerator.keyPair({ spec: KeyPairSpec.ECC_NIST_P256 });
 */
export class KeyPairSpec {
  /** RSA, 2,048 bits, public exponent 65537. */
  static readonly RSA_2048 = new KeyPairSpec('rsa2048');

  /** RSA, 3,072 bits, public exponent 65537. */
  static readonly RSA_3072 = new KeyPairSpec('rsa3072');

  /**
   * RSA, 4,096 bits, public exponent 65537.
   *
   * Making such a key takes seconds of a whole processor. AWS Lambda gives a function a part of one, in proportion to its memory.
   */
  static readonly RSA_4096 = new KeyPairSpec('rsa4096');

  /** Elliptic curve P-256 of NIST, secp256r1. */
  static readonly ECC_NIST_P256 = new KeyPairSpec('p256');

  /** Elliptic curve P-384 of NIST, secp384r1. */
  static readonly ECC_NIST_P384 = new KeyPairSpec('p384');

  /** Elliptic curve P-521 of NIST, secp521r1. */
  static readonly ECC_NIST_P521 = new KeyPairSpec('p521');

  /** Ed25519. */
  static readonly ED25519 = new KeyPairSpec('ed25519');

  /** @internal */
  readonly _spec: KeySpec;

  private constructor(spec: KeySpec) {
    this._spec = spec;
  }
}
