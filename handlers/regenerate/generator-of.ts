import { ApiTokenGenerator } from './api-token-generator';
import { KeyPairGenerator } from './key-pair-generator';
import { PasswordGenerator } from './password-generator';
import { SshKeyPairGenerator } from './ssh-key-pair-generator';
import { SymmetricKeyGenerator } from './symmetric-key-generator';
import { UuidGenerator } from './uuid-generator';
import type { ValueGenerator } from './value-generator';
import type { ValueRules } from '../../src/contract/value-rules';

/** The generator that the deployment names; its facts were checked when they were read. */
export function generatorOf({ password, apiToken, symmetricKey, keyPair, sshKeyPair }: ValueRules): ValueGenerator {
  if (password) {
    return new PasswordGenerator(password);
  }
  if (apiToken) {
    return new ApiTokenGenerator(apiToken);
  }
  if (symmetricKey) {
    return new SymmetricKeyGenerator(symmetricKey);
  }
  if (keyPair) {
    return new KeyPairGenerator(keyPair);
  }
  return sshKeyPair ? new SshKeyPairGenerator(sshKeyPair) : new UuidGenerator();
}
