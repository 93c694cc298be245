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
  mongodb: { createUser: ['pwd', 'roles', 'mechanisms'], updateUser: ['pwd', 'roles', 'mechanisms'] },
};
const ENVELOPE = ['$db', 'lsid', '$clusterTime', '$readPreference'];
const BUILT_IN =
  /^(read|readWrite|dbAdmin|dbOwner|userAdmin|root|restore|clusterAdmin|(readWrite|read|dbAdmin|userAdmin)AnyDatabase)$/;

/** Users, roles and the commands about them. */
export class MongodbAccounts {
  /** Roles that somebody made, by name, and the actions that they allow. */
  readonly roles = new Map<string, string[]>();
  private readonly users: PeerUser[] = [];

  constructor(private readonly product: Product) {}

  add(user: string, pwd: string, { roles = [] as PeerRole[], db = 'admin', mechanisms = METHODS[this.product] } = {}): PeerUser {
    const created: PeerUser = { user, db, roles, credentials: new Map() };
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
        return this.usersInfo(subject as { user: string; db: string }, session);
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
        return {};
      case 'updateUser':
        this.updateUser(String(subject), command, session);
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
  }

  private usersInfo({ user, db }: { user: string; db: string }, session: PeerUser): Document {
    if (user !== session.user) {
      this.allow(session);
    }
    const found = this.find(user, db);
    const mechanisms = this.product === 'mongodb' && found ? { mechanisms: [...found.credentials.keys()] } : {};
    return {
      users: found
        ? [{ _id: `${found.db}.${found.user}`, user: found.user, db: found.db, roles: found.roles, ...mechanisms }]
        : [],
    };
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
