import { readFileSync } from 'node:fs';
import type { Credentials } from '../handlers/support/rotation-bench';

/** A server that was there before the tests: a container, say. They change its users, and its administrator's password. */
export interface ExternalServer {
  /** What it is and in which version, for the name of the tests. */
  readonly name: string;
  /** The end of a container or of a tunnel is here: the certificate has to carry this name. */
  readonly host: 'localhost';
  readonly port: number;
  /** May change users. */
  readonly administrator: Credentials;
  /** PEM. Whoever has signed the server's certificate. */
  readonly certificateAuthority: string;
}

/** Each with what it says. */
const VARIABLES = {
  EXTERNAL_ENGINE: 'one of test/external/external-engines.ts',
  EXTERNAL_PORT: 'the port on 127.0.0.1',
  EXTERNAL_USERNAME: 'who may change users',
  EXTERNAL_PASSWORD: 'the password of that user',
  EXTERNAL_CERTIFICATE_AUTHORITY: 'a PEM file, with the authority that has signed the certificate of the server',
};

/** The server that the environment names, and its engine. */
export function externalServer(environment: NodeJS.ProcessEnv): { engine: string; server: ExternalServer } {
  const missing = Object.entries(VARIABLES).filter(([name]) => !environment[name]);
  if (missing.length > 0) {
    throw new Error(`No server is named. Missing are ${missing.map(([name, what]) => `${name}: ${what}`).join('; ')}`);
  }
  const value = (name: keyof typeof VARIABLES): string => environment[name]!;
  return {
    engine: value('EXTERNAL_ENGINE'),
    server: {
      name: environment.EXTERNAL_NAME ?? value('EXTERNAL_ENGINE'),
      host: 'localhost',
      port: Number(value('EXTERNAL_PORT')),
      administrator: { username: value('EXTERNAL_USERNAME'), password: value('EXTERNAL_PASSWORD') },
      certificateAuthority: readFileSync(value('EXTERNAL_CERTIFICATE_AUTHORITY'), 'utf8'),
    },
  };
}
