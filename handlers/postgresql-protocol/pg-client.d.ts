/** The driver's client without its pool and its native twin; the package ships no types for this path. */
declare module 'pg/lib/client' {
  import { Client } from 'pg';

  export default Client;
}
