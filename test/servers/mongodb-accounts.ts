import type { Document } from 'mongodb';
import { ScramCredential, type ScramMechanism } from './mongodb-scram';

export interface PeerRole {
  readonly role: string;
  readonly db: string;
}

export interface PeerUser {
  readonly user: string;
  readonly db: string;
  roles: PeerRole[];
  credentials: Map<ScramMechanism, ScramCredential>;
  customData?: Document;
  authenticationRestrictions: Document[];
  /** Those of its roles. */
  inherited?: Document[][];
}

/** What differs between the two products. */
export type Product = 'documentdb' | 'mongodb';

/** An error as the product gives it. */
export class MongodbError extends Error {
  constructor(readonly code: number, readonly codeName: string, message: string) {
    super(message);
  }
}

const METHODS: Record<Product, ScramMechanism[]> = { documentdb: ['SCRAM-SHA-1'], mongodb: ['SCRAM-SHA-1', 'SCRAM-SHA-256'] };
const ADMINISTRATORS = ['root', 'userAdminAnyDatabase'];
/** Fields that each command takes; the products refuse others. */
const FIELDS: Record<Product, Record<string, string[]>> = {
  documentdb: { createUser: ['pwd', 'roles'], updateUser: ['pwd', 'roles'] },
  mongodb: {
    createUser: ['pwd', 'roles', 'mechanisms', 'customData', 'authenticationRestrictions'],
    updateUser: ['pwd', 'roles', 'mechanisms', 'customData', 'authenticationRestrictions'],
  },
};
const ENVELOPE = ['$db', 'lsid', '$clusterTime', '$readPreference'];
const BUILT_IN =
  /^(read|readWrite|dbAdmin|dbOwner|userAdmin|root|restore|clusterAdmin|(readWrite|read|dbAdmin|userAdmin)AnyDatabase)$/;

/** Users, roles and the commands about them. */
export class MongodbAccounts {
  /** Roles that somebody made, by name, and the actions that they allow. */
  readonly roles = new Map<string, string[]>();
  /** Runs after each command, with its changes made. */
  after?: (command: string) => void;
  private readonly users: PeerUser[] = [];

  constructor(private readonly product: Product) {}

  add(user: string, pwd: string, { roles = [] as PeerRole[], db = 'admin', mechanisms = METHODS[this.product] } = {}): PeerUser {
    const created: PeerUser = { user, db, roles, credentials: new Map(), authenticationRestrictions: [] };
    this.store(created, pwd, mechanisms);
    this.users.push(created);
    return created;
  }

  /** Amazon DocumentDB has no users but those of `admin`. */
  find(user: string, db: string): PeerUser | undefined {
    return this.users.find((other) => other.user === user && other.db === (this.product === 'documentdb' ? 'admin' : db));
  }

  /** Answers a command; `undefined` for those that are not about users. */
  run(command: Document, session: PeerUser): Document | undefined {
    const [name, subject] = Object.entries(command)[0] as [string, unknown];
    const db = command.$db as string;
    switch (name) {
      case 'usersInfo':
        return this.usersInfo(command, session);
      case 'whatsmyuri':
        if (this.product === 'documentdb') {
          throw new MongodbError(59, 'CommandNotFound', 'no such command: whatsmyuri');
        }
        return { you: '127.0.0.1:49152' };
      case 'rolesInfo':
        return {
          roles: (subject as PeerRole[])
            .filter(({ role }) => this.roles.has(role))
            .map(({ role, db: of }) => this.roleInfo(role, of)),
        };
      case 'createUser':
        this.allow(session);
        this.checkFields(name, command);
        if (this.find(String(subject), db)) {
          throw new MongodbError(51003, 'Location51003', `User "${String(subject)}@${db}" already exists`);
        }
        this.checkRoles(command.roles as PeerRole[]);
        this.add(String(subject), command.pwd as string, {
          db, roles: command.roles as PeerRole[], mechanisms: command.mechanisms as ScramMechanism[] | undefined,
        });
        this.update(this.find(String(subject), db)!, command);
        this.after?.(name);
        return {};
      case 'updateUser':
        this.updateUser(String(subject), command, session);
        this.after?.(name);
        return {};
      default:
        return undefined;
    }
  }

  private updateUser(name: string, command: Document, session: PeerUser): void {
    const own = name === session.user && command.roles === undefined && this.actionsOf(session).includes('changeOwnPassword');
    if (!own) {
      this.allow(session);
    }
    this.checkFields('updateUser', command);
    const user = this.find(name, command.$db as string);
    if (!user) {
      throw new MongodbError(11, 'UserNotFound', `User ${name}@${String(command.$db)} not found`);
    }
    this.checkRoles(command.roles as PeerRole[] ?? []);
    user.roles = command.roles as PeerRole[] ?? user.roles;
    this.store(user, command.pwd as string, command.mechanisms as ScramMechanism[] ?? METHODS[this.product]);
    this.update(user, command);
  }

  private update(user: PeerUser, { customData, authenticationRestrictions }: Document): void {
    Object.assign(user, customData && { customData }, authenticationRestrictions && { authenticationRestrictions });
  }

  private usersInfo(command: Document, session: PeerUser): Document {
    const { user, db, forAllDBs } = command.usersInfo as { user?: string; db: string; forAllDBs?: true };
    if (user !== session.user) {
      this.allow(session);
    }
    const shows = command.showAuthenticationRestrictions === true;
    if (this.product === 'documentdb' && (shows || forAllDBs)) {
      throw new MongodbError(303, 'UnsupportedField', 'Field is currently not supported');
    }
    const wanted = (command.filter as { user: string } | undefined)?.user;
    const found = forAllDBs
      ? this.users.filter((one) => one.user === wanted)
      : [this.find(user!, db)].filter((one) => one !== undefined);
    return {
      users: found.map((one) => ({
        _id: `${one.db}.${one.user}`,
        user: one.user,
        db: one.db,
        roles: one.roles,
        ...this.product === 'mongodb' ? { mechanisms: [...one.credentials.keys()] } : {},
        ...one.customData ? { customData: one.customData } : {},
        ...shows
          ? {
            authenticationRestrictions: one.authenticationRestrictions,
            inheritedAuthenticationRestrictions: one.inherited ?? [],
          }
          : {},
      })),
    };
  }

  /** Whether a client of this machine may sign in. */
  admits({ authenticationRestrictions, inherited = [] }: PeerUser): boolean {
    const here = ({ clientSource }: Document): boolean =>
      clientSource === undefined || (clientSource as string[]).some((net) => net.startsWith('127.'));
    return [authenticationRestrictions, ...inherited].every((set) => set.length === 0 || set.some(here));
  }

  private roleInfo(role: string, db: string): Document {
    const privilege = { resource: { anyResource: true }, actions: this.roles.get(role) };
    return { role, db, isBuiltin: false, roles: [], inheritedRoles: [], privileges: [], inheritedPrivileges: [privilege] };
  }

  private actionsOf({ roles }: PeerUser): string[] {
    return roles.flatMap(({ role }) => this.roles.get(role) ?? []);
  }

  private allow({ roles }: PeerUser): void {
    if (!roles.some(({ role }) => ADMINISTRATORS.includes(role))) {
      throw new MongodbError(
        13,
        'Unauthorized',
        'not authorized on admin to execute command { updateUser: "canary", pwd: "canary" }',
      );
    }
  }

  private checkFields(name: string, command: Document): void {
    const unknown = Object.keys(command).slice(1)
      .find((field) => !FIELDS[this.product][name].includes(field) && !ENVELOPE.includes(field));
    if (unknown !== undefined) {
      throw new MongodbError(303, 'UnsupportedField', `Field '${unknown}' is currently not supported`);
    }
  }

  private checkRoles(roles: PeerRole[]): void {
    const unknown = roles.find(({ role }) => !BUILT_IN.test(role) && !this.roles.has(role));
    if (unknown) {
      throw new MongodbError(31, 'RoleNotFound', `No role named ${unknown.role}@${unknown.db}`);
    }
  }

  private store(user: PeerUser, pwd: string, mechanisms: ScramMechanism[]): void {
    user.credentials = new Map(mechanisms.map((mechanism) => [mechanism, new ScramCredential(mechanism, user.user, pwd)]));
  }
}
