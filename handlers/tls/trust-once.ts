import { createSecureContext, type SecureContext } from 'node:tls';

/**
 * Whom to trust in handshakes, parsed once: certificate authorities cost milliseconds.
 *
 * @param given PEM of the deployment's authorities, where it gives some
 */
export function trustOnce(given: string | undefined, otherwise: () => string): () => SecureContext {
  let context: SecureContext | undefined;
  // An empty text would make Node.js trust the authorities of the web.
  return () => context ??= createSecureContext({ ca: given || otherwise(), minVersion: 'TLSv1.2' });
}
