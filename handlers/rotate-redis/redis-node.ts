import { redisError } from './redis-error';
import { RotationError } from '../core/rotation-error';
import { type Credentials, SignInRefused } from '../database/credential-target';
import type { Phase } from '../database/error-phases';
import { askServer, brokenProtocol } from '../redis-protocol/ask-server';
import type { RespReply } from '../redis-protocol/resp';
import type { ServerSocket } from '../tls/server-socket';

/** Of a line of the list of users: whether it may sign in, and with what. */
const SIGN_IN = /^(?:on|off|nopass|#.*)$/;

/** A session at one server. Servers do not tell each other of their users: where there are several, each is changed. */
export class RedisNode {
  /** Signs in, and looks who that is. */
  static async signIn(server: ServerSocket, { username, password }: Credentials): Promise<RedisNode> {
    const node = new RedisNode(server);
    try {
      await node.login(username, password);
      return node;
    } catch (thrown) {
      node.close();
      throw thrown;
    }
  }

  private savesFile?: boolean;

  private constructor(private readonly server: ServerSocket) {}

  /** What the server says of itself, by name. */
  async facts(): Promise<ReadonlyMap<string, string>> {
    return factsIn(textOf(await this.ask('statement', 'INFO')));
  }

  /** How many servers the cluster has that this is one of. */
  async clusterNodes(): Promise<number> {
    return Number(factsIn(textOf(await this.ask('statement', 'CLUSTER', 'INFO'))).get('cluster_known_nodes'));
  }

  /** The flags of a user, `on` among them; absent where there is no such user. */
  async flagsOf(username: string): Promise<string[] | undefined> {
    const reply = await this.ask('statement', 'ACL', 'GETUSER', username);
    if (reply.kind === 'nothing') {
      return undefined;
    }
    const items = itemsOf(reply);
    return itemsOf(items[1 + items.findIndex((item) => item.kind === 'text' && item.text === 'flags')]).map(textOf);
  }

  /** What a user may do, as rules of the server; absent where there is no such user. */
  async rulesOf(username: string): Promise<string[] | undefined> {
    const lines = itemsOf(await this.ask('statement', 'ACL', 'LIST')).map((line) => textOf(line).split(' '));
    return lines.find(([, name]) => name === username)?.slice(2).filter((rule) => !SIGN_IN.test(rule));
  }

  /** Changes a user, or makes it: all of the rules take effect, or none. */
  async setUser(username: string, ...rules: string[]): Promise<void> {
    if (textOf(await this.ask('password', 'ACL', 'SETUSER', username, ...rules)) !== 'OK') {
      throw brokenProtocol();
    }
  }

  /** Has the server write its users to where it reads them when it starts. Throws where it has no such file, or cannot. */
  async saveUsers(): Promise<void> {
    if (this.savesFile !== false) {
      this.savesFile = await this.save('ACL', 'SAVE') === 'saved';
    }
    if (!this.savesFile) {
      await this.save('CONFIG', 'REWRITE');
    }
  }

  close(): void {
    this.server.destroy();
  }

  private async save(...words: string[]): Promise<'saved' | 'no file of users'> {
    const reply = await askServer(this.server, ...words);
    if (reply.kind !== 'error') {
      return 'saved';
    }
    if (reply.code === 'NOACLFILE') {
      return 'no file of users';
    }
    throw reply.code === 'ERR'
      ? new RotationError('configuration', 'the server would forget a new password when it restarts: it needs an aclfile, or a '
        + 'configuration file with its users, in a directory that it may write to', reply.code)
      : redisError('statement', reply.code);
  }

  private async login(username: string, password: string): Promise<void> {
    const welcome = await askServer(this.server, 'AUTH', username, password);
    if (welcome.kind === 'error') {
      throw welcome.code === 'WRONGPASS' ? new SignInRefused(welcome.code) : redisError('login', welcome.code);
    }
    if (textOf(welcome) !== 'OK') {
      throw brokenProtocol();
    }
    const identity = await askServer(this.server, 'ACL', 'WHOAMI');
    // A user may be forbidden to ask. Then it has to suffice that its name and password were accepted.
    if (identity.kind === 'error' ? identity.code !== 'NOPERM' : textOf(identity) !== username) {
      throw new RotationError('conflict', 'the server signed in another user than the secret names');
    }
  }

  private async ask(phase: Phase, ...words: string[]): Promise<RespReply> {
    const reply = await askServer(this.server, ...words);
    if (reply.kind === 'error') {
      throw redisError(phase, reply.code);
    }
    return reply;
  }
}

function textOf(reply: RespReply): string {
  if (reply.kind !== 'text') {
    throw brokenProtocol();
  }
  return reply.text;
}

function itemsOf(reply: RespReply | undefined): readonly RespReply[] {
  if (reply?.kind !== 'list') {
    throw brokenProtocol();
  }
  return reply.items;
}

/** Lines of a name and a value, as INFO has them. */
function factsIn(text: string): ReadonlyMap<string, string> {
  return new Map(text.split('\r\n').map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1)];
  }));
}
