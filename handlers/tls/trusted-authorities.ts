import { createSecureContext, type SecureContext } from 'node:tls';

/**
 * PEM of the certificate authorities to trust in handshakes.
 *
 * @param given those of the deployment, where it gives some
 */
export function authorities(given: string | undefined, otherwise: () => string): string {
  // An empty text would make Node.js trust the public authorities.
  return given || otherwise();
}

/** The same, parsed once: certificate authorities cost milliseconds. */
export function trustOnce(given: string | undefined, otherwise: () => string): () => SecureContext {
  let context: SecureContext | undefined;
  return () => context ??= createSecureContext({ ca: authorities(given, otherwise), minVersion: 'TLSv1.2' });
}
