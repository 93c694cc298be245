// The public API of the client, packed as a declaration: it imports only what is packed beside it.
export { CachedSecret } from './cached-secret';
export { type CachedSecretOptions } from './cached-secret-options';
export { isLoginRefused } from './login-refusal';
export { type SecretAnswer, type SecretRequest, type SecretSource } from './secret-source';
export { type SecretVersion } from './secret-version';
