import type { IConstruct } from 'constructs';
import { KeyPairSpec } from './key-pair-spec';
import type { ApiTokenOptions, KeyPairOptions, SshKeyPairOptions, SymmetricKeyOptions } from './secret-generator-options';
import type { GeneratedValueOptions } from '../content/secret-content-options';
import type { KeyPairRules, ValueRules } from '../contract/value-rules';
import { ConflictError, ValidationError } from '../core/errors';
import { requireInteger, requireText } from '../core/validate';
import { entropyOf, valueRules } from '../password/private/password-checks';

/** `field` is the one that the content generates; absent where the content is one string. */
type Binder = (scope: IConstruct, field: string | undefined) => ValueRules;

const BASE_62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 256 bits of entropy. */
const TOKEN_LENGTH = 43;
const KEY_BYTES = 32;
const MINIMUM_TOKEN_BITS = 128;
/** Whoever guesses a password has to ask a server, and some devices accept only short ones. */
const MINIMUM_PASSWORD_BITS = 64;

/**
 * What kind of value a rotation makes: in the rotation function, by the random generator of Node.js, never in a template.
 *
 * Until the first rotation, which runs right after the deployment, the secret has the random string that its content generates.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html
 *
 * @example
 * Rotation.regenerate({ generator: SecretGenerator.apiToken({ prefix: 'acme_' }) });
 */
export class SecretGenerator {
  /**
   * A random string, with rules that may differ from those of the first value.
   *
   * @param options what the string looks like; with at least 64 bits of entropy.
   * @throws where no value can satisfy the options, or values could be guessed.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
   */
  static password(options: GeneratedValueOptions = {}): SecretGenerator {
    return new SecretGenerator((scope) => {
      const property = 'SecretGenerator.password';
      const password = valueRules(scope, property, options);
      requireEntropy(scope, `${property}(passwordLength)`, password.length, entropyOf(password), MINIMUM_PASSWORD_BITS);
      return { password };
    });
  }

  /**
   * A token of a prefix and random characters, 256 bits of entropy.
   *
   * @param options prefix, alphabet and length.
   * @throws where an option is out of its range, or tokens could be guessed.
   * @see https://www.rfc-editor.org/rfc/rfc6750
   */
  static apiToken(options: ApiTokenOptions = {}): SecretGenerator {
    return new SecretGenerator((scope) => {
      const { prefix = '', alphabet = BASE_62, length = TOKEN_LENGTH } = options;
      const property = 'SecretGenerator.apiToken';
      requireText({ scope, property: `${property}(prefix)`, remedy: 'choose a short word, such as `acme_`' },
        prefix, { maximum: 64, pattern: /^[!-~]*$/, allowed: 'at most 64 printable ASCII characters without spaces' });
      requireText({ scope, property: `${property}(alphabet)`, remedy: 'name each character once' },
        alphabet,
        {
          minimum: 2,
          maximum: 94,
          pattern: /^(?!.*(.).*\1)[!-~]*$/,
          allowed: '2 to 94 different printable ASCII characters without the space',
        });
      requireInteger({ scope, property: `${property}(length)`, remedy: 'choose another length' }, length, 1, 1024, 'characters');
      requireEntropy(scope, `${property}(length)`, length, length * Math.log2(alphabet.length), MINIMUM_TOKEN_BITS);
      return { apiToken: { prefix, alphabet, length } };
    });
  }

  /**
   * Random bytes in base64: a key for AES, HMAC and their like.
   *
   * @param options length.
   * @throws where the length is out of its range.
   * @see https://www.rfc-editor.org/rfc/rfc4648#section-4
   */
  static symmetricKey(options: SymmetricKeyOptions = {}): SecretGenerator {
    return new SecretGenerator((scope) => {
      requireInteger(
        { scope, property: 'SecretGenerator.symmetricKey(bytes)', remedy: 'give 32 for a key of AES-256' },
        options.bytes,
        16,
        1024,
        'bytes',
      );
      return { symmetricKey: { bytes: options.bytes ?? KEY_BYTES } };
    });
  }

  /**
   * A random UUID, of version 4: 122 bits of entropy.
   *
   * @see https://www.rfc-editor.org/rfc/rfc9562#section-5.4
   */
  static uuid(): SecretGenerator {
    return new SecretGenerator(() => ({ uuid: true }));
  }

  /**
   * A key pair in PEM: the private key as PKCS #8, the public key as SubjectPublicKeyInfo.
   *
   * The content is `SecretContent.json()`: the private key goes into the field that it generates, the public key into another
   * one.
   *
   * @param options algorithm, size and the public key's field.
   * @throws where the content has no fields, or both keys would go into one.
   * @see https://www.rfc-editor.org/rfc/rfc7468
   */
  static keyPair(options: KeyPairOptions = {}): SecretGenerator {
    return new SecretGenerator((scope, field) => ({
      keyPair: pairRules(scope, 'SecretGenerator.keyPair', field, options, KeyPairSpec.ECC_NIST_P256),
    }));
  }

  /**
   * A key pair for SSH: the private key in the format of OpenSSH, the public key as a line of `authorized_keys`.
   *
   * The content is `SecretContent.json()`: the private key goes into the field that it generates, the public key into another
   * one.
   *
   * @param options algorithm, size, form and the public key's field.
   * @throws where the content has no fields, both keys would go into one, or the comment is not one line.
   * @see https://man.openbsd.org/sshd.8#AUTHORIZED_KEYS_FILE_FORMAT
   */
  static sshKeyPair(options: SshKeyPairOptions = {}): SecretGenerator {
    return new SecretGenerator((scope, field) => {
      const { comment, pem } = options;
      requireText(
        {
          scope,
          property: 'SecretGenerator.sshKeyPair(comment)',
          remedy: 'give a short text in one line, such as `deploy@example.com`',
        },
        comment,
        {
          minimum: 1,
          maximum: 128,
          pattern: /^[!-~]([ -~]*[!-~])?$/,
          allowed: '1 to 128 printable ASCII characters, spaces inside',
        },
      );
      const rules = pairRules(scope, 'SecretGenerator.sshKeyPair', field, options, KeyPairSpec.ED25519);
      return { sshKeyPair: { ...rules, ...(comment !== undefined && { comment }), ...(pem && { pem }) } };
    });
  }

  /** @internal */
  readonly _bind: Binder;

  private constructor(bind: Binder) {
    this._bind = bind;
  }
}

function pairRules(
  scope: IConstruct, property: string, field: string | undefined, { spec, publicKeyField = 'publicKey' }: KeyPairOptions,
  otherwise: KeyPairSpec,
): KeyPairRules {
  if (field === undefined) {
    throw new ConflictError(scope, `\`${property}()\` makes two values, and the content of the secret is one string`,
      'use SecretContent.json({}, \'privateKey\'), whose generated field gets the private key');
  }
  const fieldProperty = `${property}(publicKeyField)`;
  requireText({ scope, property: fieldProperty, remedy: 'name the field that gets the public key' },
    publicKeyField, { minimum: 1, maximum: 256, allowed: '1 to 256 characters' });
  if (publicKeyField === field) {
    throw new ValidationError({
      scope,
      property: fieldProperty,
      got: publicKeyField,
      allowed: 'another field than the generated one',
      remedy: 'that one gets the private key',
    });
  }
  return { spec: (spec ?? otherwise)._spec, publicKeyField };
}

function requireEntropy(scope: IConstruct, property: string, got: number, bits: number, minimum: number): void {
  if (bits < minimum) {
    throw new ValidationError({
      scope,
      property,
      got,
      allowed: `as many characters as have ${minimum} bits of entropy, and these have ${Math.floor(bits)}`,
      remedy: 'give a greater length, or more different characters',
    });
  }
}
