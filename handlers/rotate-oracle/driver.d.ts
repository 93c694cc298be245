/** Parts of the driver by themselves, without its pools and its native twin; the package ships no types for these paths. */
declare module 'oracledb/lib/connection.js' {
  import type { Connection } from 'oracledb';

  const DriverConnection: new () => Connection & { _impl?: object };
  export default DriverConnection;
}

declare module 'oracledb/lib/impl/index.js' {
  const implementations: { readonly ConnectionImpl: new () => { connect(options: object): Promise<void> } };
  export default implementations;
}

/** Selects the implementations that are written in JavaScript. */
declare module 'oracledb/lib/thin/index.js';

/** What opens connections. */
declare module 'oracledb/lib/thin/sqlnet/ntTcp.js' {
  import type { Socket } from 'node:net';

  interface Packet {
    readonly type: number;
  }

  class DriverTransport {
    /** The stream that is read from and written to. */
    public stream?: Socket;
    /** The TCP socket below TLS. */
    public connStream?: Socket;
    public connected: boolean;
    public secure: boolean;
    public connect(address: object): Promise<void>;
    /** A new TLS handshake on the same socket, where a listener hands it over to another process. */
    public renegTLS(): Promise<void>;
    public receive(): Promise<Packet | undefined>;
    public setupEventHandlers(): void;
  }

  export default DriverTransport;
}
