import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import * as path from 'node:path';
import type { ServerCertificate } from './certificates';
import { Installation } from './installation';
import { letsIn } from './lets-in';
import { librariesIn } from './libraries';
import { OwnedServer } from './owned-server';
import { handOver, reachableDirectory, unprivileged } from './unprivileged';
import { until } from './until';

type Credentials = Readonly<Record<'username' | 'password', string>>;

export const SUFFIX = 'dc=example,dc=org';
const PEOPLE = `ou=people,${SUFFIX}`;
export const POLICY = `cn=policy,${SUFFIX}`;
const READY = 'slapd starting';
const INVALID_CREDENTIALS = 49;
const LIMIT = 10_000;

export interface LdapServerOptions {
  /** Absent: the server speaks plaintext only. */
  readonly certificate?: ServerCertificate;
  /** The authority that clients of tests trust alone. @default they do not look */
  readonly authority?: string;
  /** Where certificates of clients come from, which it then asks for. */
  readonly clientAuthority?: string;
  /** Attributes of the password policy of all users. @default no policy */
  readonly policy?: readonly string[];
  /** More of the configuration: of the server, and of the database. @default none */
  readonly settings?: { readonly server?: readonly string[]; readonly database?: readonly string[] };
}

/** The answer of a client's program. */
interface Answer {
  /** The code of the server's result. */
  readonly code: number;
  readonly output: string;
}

/** OpenLDAP's server on 127.0.0.1, with a directory of people and groups: LDAPS alone where it has a certificate. */
export class LdapServer extends OwnedServer<LdapServerOptions> {
  static async start(options: LdapServerOptions): Promise<LdapServer> {
    return this.started((port) => new LdapServer(options, port));
  }

  /** The distinguished name of a person. */
  static person(name: string): string {
    return `uid=${name.replace(/["+,;<>\\]|^[ #]| $/g, '\\$&').replaceAll('\0', '\\00')},${PEOPLE}`;
  }

  private readonly programs = reachableDirectory(Installation.slapd, 'usr/sbin/slapd');
  /** May change passwords, and read. */
  readonly administrator: Credentials = { username: `cn=manager,${SUFFIX}`, password: randomBytes(18).toString('hex') };
  /** May do everything. */
  readonly root: Credentials = { username: `cn=root,${SUFFIX}`, password: randomBytes(18).toString('hex') };
  /** Logins of tests. */
  private own = { accepted: 0, refused: 0 };

  private constructor(options: LdapServerOptions, port: number) {
    super('ldap', options, port);
  }

  /** Adds a person who may sign in and change the own password. */
  async createUser({ username, password }: Credentials): Promise<void> {
    await this.add(username, ['objectClass: account', 'objectClass: simpleSecurityObject', base64('userPassword', password)]);
  }

  /** Adds an entry, whose name is that of its first attribute. */
  async add(name: string, attributes: readonly string[]): Promise<void> {
    await this.modify([base64('dn', name), 'changetype: add', ...attributes]);
  }

  /** Changes an entry as LDIF says it, also what only servers write. */
  async change(name: string, ...lines: readonly string[]): Promise<void> {
    await this.modify([base64('dn', name), 'changetype: modify', ...lines]);
  }

  /** Removes an entry. */
  async remove(name: string): Promise<void> {
    await this.modify([base64('dn', name), 'changetype: delete']);
  }

  async exists(name: string): Promise<boolean> {
    return (await this.read(name, '1.1')).includes('dn:');
  }

  /** Attributes of an entry, as LDIF; empty where there is none. */
  async read(name: string, ...attributes: readonly string[]): Promise<string> {
    const args = ['-LLL', '-o', 'ldif-wrap=no', '-s', 'base', '-b', name, ...attributes];
    return (await this.ask(this.root, 'ldapsearch', args)).output;
  }

  /** Whether the credentials work, over TLS that is verified. */
  async worksFor(credentials: Credentials): Promise<boolean> {
    return letsIn(
      async () => {
        const { code } = await this.ask(credentials, 'ldapwhoami', []);
        if (code !== 0) {
          throw new Error(String(code));
        }
      },
      (thrown) => (thrown as Error).message === String(INVALID_CREDENTIALS),
    );
  }

  /** How many logins of others than tests the server has let in, or refused. */
  async loginsOfOthers(outcome: 'accepted' | 'refused'): Promise<number> {
    const count = (pattern: RegExp): number => this.log().match(pattern)?.length ?? 0;
    await until(() => count(/ BIND dn="[^\n]* method=/g) === count(/ RESULT tag=97 /g), LIMIT);
    return count(outcome === 'accepted' ? / RESULT tag=97 err=0 /g : / RESULT tag=97 err=[1-9]/g) - this.own[outcome];
  }

  protected async begin(): Promise<void> {
    mkdirSync(this.file('data'));
    handOver(this.file('data'));
    this.write('ca.crt', this.options.authority ?? '');
    const { status, stderr } = spawnSync(this.program('usr/sbin/slapadd'), [
      '-q', '-f', this.write('slapd.conf', this.configuration()), '-l', this.write('first.ldif', this.firstEntries()),
    ], { env: this.environment, cwd: this.directory, encoding: 'utf8', ...unprivileged });
    if (status !== 0) {
      throw new Error(`slapadd: ${stderr}`);
    }
    await this.launch();
  }

  protected async launch(): Promise<void> {
    this.own = { accepted: 0, refused: 0 };
    this.write('slapd.conf', this.configuration());
    await this.run(
      this.program('usr/sbin/slapd'),
      ['-f', this.file('slapd.conf'), '-h', `${this.options.certificate ? 'ldaps' : 'ldap'}://127.0.0.1:${this.port}`, '-d', 'stats'],
      { environment: this.environment, stopSignal: 'SIGTERM' },
      // It says so before it listens.
      async () => this.log().includes(READY) && accepts(this.port),
    );
  }

  private get environment(): Record<string, string> {
    return { PATH: '/usr/bin:/bin', LC_ALL: 'C', LD_LIBRARY_PATH: librariesIn(this.programs) };
  }

  private program(name: string): string {
    return path.join(this.programs, name);
  }

  private async modify(lines: readonly string[]): Promise<void> {
    const { code, output } = await this.ask(this.root, 'ldapmodify', ['-e', '!relax'], `${lines.join('\n')}\n`);
    if (code !== 0) {
      throw new Error(`ldapmodify: ${code} ${output}`);
    }
  }

  /** Runs a program of OpenLDAP's clients, which are not ours. */
  private async ask(
    { username, password }: Credentials, program: 'ldapmodify' | 'ldapsearch' | 'ldapwhoami', args: readonly string[], input = '',
  ): Promise<Answer> {
    const url = `${this.options.certificate ? 'ldaps' : 'ldap'}://127.0.0.1:${this.port}`;
    const child = spawn(this.program(`usr/bin/${program}`), ['-x', '-H', url, '-D', username, '-w', password, ...args], {
      env: { ...this.environment, ...trusting(this.options.authority === undefined ? undefined : this.file('ca.crt')) },
      cwd: this.directory,
    });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    child.stdin.on('error', () => undefined).end(input);
    const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? -1)));
    const text = Buffer.concat(output).toString();
    if (/ldap_sasl_bind|Can't contact/.test(text)) {
      throw new Error(`${program}: ${text}`);
    }
    this.own[text.includes('ldap_bind:') ? 'refused' : 'accepted'] += 1;
    return { code, output: text };
  }

  private firstEntries(): string {
    const organization = [`dn: ${SUFFIX}`, 'objectClass: dcObject', 'objectClass: organization', 'o: Example', 'dc: example'];
    const units = ['people', 'groups'].map((name) => [`dn: ou=${name},${SUFFIX}`, 'objectClass: organizationalUnit', `ou: ${name}`]);
    const { username, password } = this.administrator;
    const manager = [
      `dn: ${username}`, 'objectClass: organizationalRole', 'objectClass: simpleSecurityObject', 'cn: manager',
      `userPassword: ${password}`,
    ];
    const policy = this.options.policy && [
      `dn: ${POLICY}`, 'objectClass: device', 'objectClass: pwdPolicy', 'cn: policy', 'pwdAttribute: userPassword',
      ...this.options.policy,
    ];
    return [organization, ...units, manager, ...policy ? [policy] : []].map((lines) => `${lines.join('\n')}\n`).join('\n');
  }

  private configuration(): string {
    const { certificate, clientAuthority, policy, settings } = this.options;
    const { username } = this.administrator;
    return [
      ...['core', 'cosine', 'inetorgperson'].map((name) => `include ${this.program(`etc/ldap/schema/${name}.schema`)}`),
      `modulepath ${this.program('usr/lib/ldap')}`,
      'moduleload back_mdb', 'moduleload ppolicy', 'moduleload memberof',
      ...certificate ? [
        `TLSCertificateFile ${this.write('server.crt', certificate.certificate)}`,
        `TLSCertificateKeyFile ${this.write('server.key', certificate.key)}`,
      ] : [],
      ...clientAuthority === undefined ? [] : [
        `TLSCACertificateFile ${this.write('clients.crt', clientAuthority)}`, 'TLSVerifyClient demand',
      ],
      ...settings?.server ?? [],
      'database mdb', `suffix ${SUFFIX}`, `directory ${this.file('data')}`, 'dbnosync',
      `rootdn ${this.root.username}`, `rootpw ${this.root.password}`,
      `access to dn.subtree="${SUFFIX}" attrs=userPassword by dn.exact="${username}" write by * break`,
      `access to dn.subtree="${SUFFIX}" by dn.exact="${username}" read by * break`,
      'access to dn.regex="^uid=reader" attrs=userPassword by self auth by anonymous auth by * none',
      'access to dn.regex="^uid=guest" attrs=userPassword by anonymous auth by * none',
      'access to attrs=userPassword by self write by anonymous auth by * none',
      'access to * by self read by * none',
      'overlay memberof',
      ...policy ? ['overlay ppolicy', `ppolicy_default ${POLICY}`] : [],
      ...settings?.database ?? [],
      '',
    ].join('\n');
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    return await new Promise((resolve) => socket.once('connect', () => resolve(true)).once('error', () => resolve(false)));
  } finally {
    socket.destroy();
  }
}

function trusting(authority: string | undefined): Record<string, string> {
  return authority === undefined ? { LDAPTLS_REQCERT: 'never' } : { LDAPTLS_REQCERT: 'demand', LDAPTLS_CACERT: authority };
}

/** A line of LDIF, in which there can be anything. */
function base64(attribute: string, value: string): string {
  return `${attribute}:: ${Buffer.from(value).toString('base64')}`;
}
