/**
 * The driver's connection without its topology: no pool, no heartbeats, no other host than the one that the socket leads to.
 * The package ships no types for this path; its version is pinned.
 */
declare module 'mongodb/lib/cmap/connect' {
  import type { Duplex, Readable } from 'node:stream';
  import type { Document } from 'mongodb';

  /** What the driver asks for proofs of a password. */
  interface AuthProvider {
    prepare(hello: Document): Promise<Document>;
    auth(context: { readonly connection: Connection; readonly response: Document }): Promise<void>;
  }

  interface DriverCredentials {
    readonly username: string;
    readonly source: string;
    readonly mechanism: string;
    readonly mechanismProperties: object;
    resolveAuthMechanism(hello: Document): DriverCredentials;
  }

  interface ConnectionOptions {
    readonly id: number;
    readonly generation: number;
    readonly hostAddress: string;
    readonly credentials: DriverCredentials;
    readonly authProviders: { getOrCreateProvider(mechanism: string): AuthProvider };
    readonly extendedMetadata: Promise<Document>;
    readonly compressors: string[];
    readonly connectTimeoutMS: number;
    readonly socketTimeoutMS: number;
    readonly loadBalanced: boolean;
    readonly monitorCommands: boolean;
  }

  interface Connection {
    /** What the server said when it was greeted. */
    readonly hello: Document;
    command(namespace: { readonly db: string }, command: Document, options: object): Promise<Document>;
    destroy(): void;
  }

  interface ReadingConnection extends Connection {
    /** Gives whole messages of the server. */
    readonly messageStream: Readable;
  }

  export function makeConnection(options: ConnectionOptions, socket: Duplex): ReadingConnection;
  export function performInitialHandshake(connection: Connection, options: ConnectionOptions): Promise<void>;
}
