import { type Document, MongoClient } from 'mongodb';
import { ExternalBench } from './external-bench';
import type { ExternalServer } from './external-server';
import type { EngineBench, NewRoles, Turn } from '../handlers/engines/engine-under-test';
import { type Credentials, RotationBench } from '../handlers/support/rotation-bench';
import { letsIn } from '../servers/lets-in';
import { isMongodbRefusal, logInToMongodb } from '../servers/mongodb-log-in';

const ROLE = { role: 'readWrite', db: 'orders' };
/** May change its own password, which MongoDB gives to nobody by itself: the server has to have it. */
const ITSELF = { role: 'rotates_itself', db: 'admin' };

/** A MongoDB server. It neither counts logins where others can read it, nor keeps what it was sent. */
export class ExternalMongodbBench extends ExternalBench implements EngineBench {
  static async start(server: ExternalServer): Promise<ExternalMongodbBench> {
    const { host, port, administrator, certificateAuthority } = server;
    const client = await new MongoClient(`mongodb://${host}:${port}/`, {
      auth: { ...administrator },
      authSource: 'admin',
      directConnection: true,
      tls: true,
      ca: certificateAuthority,
      retryWrites: false,
    }).connect();
    return new ExternalMongodbBench(await RotationBench.start(), server, client);
  }

  private constructor(rotations: RotationBench, server: ExternalServer, private readonly client: MongoClient) {
    super(rotations, server, 'mongo');
  }

  override content(credentials: Credentials, more: Record<string, unknown> = {}): Record<string, unknown> {
    return super.content(credentials, { ssl: true, ...more });
  }

  async createUser({ username, password }: Credentials): Promise<void> {
    await this.command({ createUser: username, pwd: password, roles: [ROLE, ITSELF] });
  }

  async exists(username: string): Promise<boolean> {
    return (await this.usersNamed(username)).length > 0;
  }

  async worksFor({ username, password }: Credentials): Promise<boolean> {
    const { host, port, certificateAuthority: ca } = this.server;
    return letsIn(async () => logInToMongodb({ host, port, username, password, ca }), isMongodbRefusal);
  }

  newRoles(): NewRoles {
    return {
      names: [`${ROLE.role}@${ROLE.db}`],
      heldBy: async (username) => JSON.stringify(await this.rolesOf(username)) === JSON.stringify([`${ROLE.db}.${ROLE.role}`]),
    };
  }

  /** The roles of the first. */
  share({ username }: Credentials): (turn: Turn) => Promise<void> {
    return async () => expect(await this.rolesOf(`${username}_clone`)).toEqual(await this.rolesOf(username));
  }

  protected async disconnect(): Promise<void> {
    await this.client.close();
  }

  private async rolesOf(username: string): Promise<string[]> {
    const [{ roles }] = await this.usersNamed(username);
    return (roles as Document[]).map(({ role, db }) => `${db}.${role}`).sort();
  }

  private async usersNamed(user: string): Promise<Document[]> {
    return (await this.command({ usersInfo: { user, db: 'admin' } })).users as Document[];
  }

  private async command(command: Document): Promise<Document> {
    return this.client.db('admin').command(command);
  }
}
