/** A server that comes as a container, and how the suite of all engines gets at it. */
export interface Image {
  /** As the tests and the workflow name it. */
  readonly name: string;
  readonly image: string;
  /** One of `test/external/external-engines.ts`. */
  readonly engine: 'mysql' | 'mariadb' | 'redis' | 'mongodb' | 'sqlserver' | 'oracle';
  /** Where it listens with TLS, in the container. */
  readonly port: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Files over which others are laid, by their name among the certificates. */
  readonly mounts?: Readonly<Record<string, string>>;
  readonly arguments?: readonly string[];
  /** Succeeds once the server lets somebody in: a shell command in the container. */
  readonly ready: string;
  /** What makes the administrator, and what the suite wants to find: a shell command in the container. */
  readonly prepare?: string;
}

/** Of every container; nobody else reaches it, and it is gone after the tests. */
export const ADMINISTRATOR = { username: 'administrator', password: 'Of-the-Administrator-1' };
const { username, password } = ADMINISTRATOR;
/** Where `authority.pem`, `server.pem`, `server.key`, `both.pem`, and `server.p12` with the password above are. */
const AT = '/certificates';

const MYSQL = {
  engine: 'mysql',
  port: 3306,
  environment: { MYSQL_ROOT_PASSWORD: password },
  arguments: [
    `--ssl-ca=${AT}/authority.pem`, `--ssl-cert=${AT}/server.pem`, `--ssl-key=${AT}/server.key`, '--require-secure-transport=ON',
  ],
  // Not by the socket: the server that prepares itself has nothing else.
  ready: `mysql --host=127.0.0.1 --user=root --password=${password} --execute='SELECT 1'`,
  prepare: `mysql --host=127.0.0.1 --user=root --password=${password} --execute="CREATE USER ${username}@'%' IDENTIFIED BY `
    + `'${password}'; GRANT ALL PRIVILEGES ON *.* TO ${username}@'%' WITH GRANT OPTION"`,
} as const;

const SQLCMD = `/opt/mssql-tools18/bin/sqlcmd -b -C -S localhost -U sa -P ${password}`;
const MONGOSH = `mongosh --quiet --tls --tlsCAFile ${AT}/authority.pem --host localhost -u ${username} -p ${password} --eval`;
const TNS = '$ORACLE_HOME/network/admin';

/** Servers of whose engines the other tests have a peer of ours, or another product. */
export const IMAGES: readonly Image[] = [
  { ...MYSQL, name: 'mysql-8.0', image: 'mysql:8.0' },
  { ...MYSQL, name: 'mysql-8.4', image: 'mysql:8.4' },
  {
    name: 'sqlserver-2022',
    image: 'mcr.microsoft.com/mssql/server:2022-latest',
    engine: 'sqlserver',
    port: 1433,
    environment: { ACCEPT_EULA: 'Y', MSSQL_PID: 'Developer', MSSQL_SA_PASSWORD: password },
    mounts: { 'mssql.conf': '/var/opt/mssql/mssql.conf' },
    ready: `${SQLCMD} -Q 'SELECT 1'`,
    prepare: `${SQLCMD} -Q "CREATE LOGIN ${username} WITH PASSWORD = '${password}', CHECK_POLICY = OFF; `
      + `ALTER SERVER ROLE sysadmin ADD MEMBER ${username}"`,
  },
  {
    name: 'oracle-free-23',
    image: 'gvenzl/oracle-free:23',
    engine: 'oracle',
    port: 2484,
    environment: { ORACLE_PASSWORD: password },
    ready: 'healthcheck.sh',
    // A port with TLS, whose wallet is of the same certificates; and an administrator that is not one of Oracle's own users.
    prepare: `set -e; wallet=$HOME/wallet
      orapki wallet create -wallet $wallet -pwd ${password} -auto_login
      orapki wallet import_pkcs12 -wallet $wallet -pwd ${password} -pkcs12file ${AT}/server.p12 -pkcs12pwd ${password}
      here="WALLET_LOCATION=(SOURCE=(METHOD=FILE)(METHOD_DATA=(DIRECTORY=$wallet)))"
      printf '%s\\nSSL_CLIENT_AUTHENTICATION=FALSE\\n' "$here" | tee -a ${TNS}/sqlnet.ora >> ${TNS}/listener.ora
      sed -i '0,/(ADDRESS *=/s//(ADDRESS=(PROTOCOL=TCPS)(HOST=0.0.0.0)(PORT=2484))\\n(ADDRESS =/' ${TNS}/listener.ora
      lsnrctl stop; lsnrctl start
      printf '%s\\n' 'ALTER SYSTEM REGISTER;' 'ALTER SESSION SET CONTAINER = FREEPDB1;' \\
        'CREATE USER ${username} IDENTIFIED BY "${password}";' 'GRANT DBA TO ${username} WITH ADMIN OPTION;' \\
        | sqlplus -s / as sysdba`,
  },
  {
    name: 'mongodb-7',
    image: 'mongo:7',
    engine: 'mongodb',
    port: 27017,
    environment: { MONGO_INITDB_ROOT_USERNAME: username, MONGO_INITDB_ROOT_PASSWORD: password },
    arguments: ['--tlsMode', 'requireTLS', '--tlsCertificateKeyFile', `${AT}/both.pem`],
    ready: `${MONGOSH} 'db.adminCommand({ ping: 1 })'`,
    prepare: `${MONGOSH} 'db.getSiblingDB("admin").createRole({ role: "rotates_itself", roles: [], `
      + 'privileges: [{ resource: { db: "admin", collection: "" }, actions: ["changeOwnPassword"] }] })\'',
  },
  {
    name: 'valkey-8',
    image: 'valkey/valkey:8',
    engine: 'redis',
    port: 6379,
    arguments: ['sh', '-c', [
      `printf 'user default off\\nuser ${username} on >${password} ~* &* +@all\\n' > /data/users.acl &&`,
      `exec valkey-server --port 0 --tls-port 6379 --tls-cert-file ${AT}/server.pem --tls-key-file ${AT}/server.key`,
      `--tls-ca-cert-file ${AT}/authority.pem --tls-auth-clients no --aclfile /data/users.acl --slowlog-log-slower-than 0`,
    ].join(' ')],
    ready: `valkey-cli --tls --cacert ${AT}/authority.pem --user ${username} --pass ${password} --no-auth-warning PING | grep PONG`,
  },
];
