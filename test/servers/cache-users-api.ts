import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpAnswer, UserRequest, UsersProtocol } from './cache-users-protocols';
import { CallFaults, type Fault } from './call-faults';
import type { RedisServer } from './redis-server';
import { isSigned } from './request-signature';

const PASSWORD = /^(?!.*[,"/@])[ -~]{16,128}$/;

interface StoredUser {
  readonly username: string;
  arn: string;
  status: 'active' | 'modifying' | 'deleting';
  authentication: 'password' | 'no-password' | 'iam';
  passwordCount: number;
}

/** What may be remembered of a request: never a password. */
export interface RecordedCall {
  readonly action: string;
  readonly userId: string;
  readonly passwords: number;
}

/** What every error says after its name, as services quote what they refuse. */
export const ERROR_CANARY = 'quoted-by-the-service';

/**
 * The users of Amazon ElastiCache or Amazon MemoryDB: what is set here works in the Redis server once the user is active again.
 */
export class CacheUsersApi {
  static async start(protocol: UsersProtocol, redis: RedisServer): Promise<CacheUsersApi> {
    const api = new CacheUsersApi(protocol, redis);
    await new Promise<void>((resolve) => api.server.listen(0, '127.0.0.1', resolve));
    api.server.unref();
    return api;
  }

  readonly calls: RecordedCall[] = [];
  /** How long a change takes, in milliseconds. */
  delay = 20;
  /** Answers with this and nothing else, where it is set. */
  answerWith?: HttpAnswer;
  private readonly users = new Map<string, StoredUser>();
  private readonly changes: Promise<void>[] = [];
  private readonly faults = new CallFaults();
  private readonly refusals: { action: string; name: string; status: number }[] = [];
  private readonly server: Server;

  private constructor(private readonly protocol: UsersProtocol, private readonly redis: RedisServer) {
    this.server = createServer((request, response) => void this.handle(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  arn(userId: string): string {
    return this.protocol.arn(userId);
  }

  async createUser(userId: string, username: string, passwords: readonly string[], rules?: readonly string[]): Promise<void> {
    this.users.set(userId, {
      username,
      arn: this.arn(userId),
      status: 'active',
      authentication: 'password',
      passwordCount: passwords.length,
    });
    await this.redis.setUser(username, passwords, rules);
  }

  change(userId: string, change: Partial<StoredUser>): void {
    Object.assign(this.users.get(userId)!, change);
  }

  /** Refuses the next calls of an action with an error of the service. */
  refuse(action: string, name: string, status = 400, times = 1): void {
    this.refusals.push(...Array.from({ length: times }, () => ({ action, name, status })));
  }

  fault(fault: Fault): void {
    this.faults.add(fault);
  }

  count(action?: string): number {
    return this.calls.filter((call) => action === undefined || call.action === action).length;
  }

  reset(): void {
    this.calls.length = 0;
    this.refusals.length = 0;
    this.faults.clear();
    this.answerWith = undefined;
    this.delay = 20;
  }

  /** Until every change is in force. */
  async settled(): Promise<void> {
    await Promise.all(this.changes);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) {
        chunks.push(chunk as Buffer);
      }
      const { status, contentType, body } = await this.answer(incoming, Buffer.concat(chunks));
      outgoing.writeHead(status, { 'content-type': contentType });
      outgoing.end(body);
    } catch {
      // A fault that asks for it: the caller sees a broken connection.
      outgoing.destroy();
    }
  }

  private async answer({ headers }: IncomingMessage, body: Buffer): Promise<HttpAnswer> {
    if (this.answerWith) {
      return this.answerWith;
    }
    if (!isSigned(headers, body, { region: 'eu-west-1', service: this.protocol.signingName, secretAccessKey: 'none' })) {
      return this.error('SignatureDoesNotMatch', 403);
    }
    const request = this.protocol.parse(headers, body.toString('utf8'));
    this.calls.push({ action: request.name, userId: request.userId, passwords: request.passwords.length });
    const faults = this.faults.strike(request.name);
    await this.apply(faults, 'before');
    const answer = await this.serve(request);
    await this.apply(faults, 'after');
    return answer;
  }

  private async serve(request: UserRequest): Promise<HttpAnswer> {
    const refusal = this.refusals.findIndex(({ action }) => action === request.name);
    if (refusal >= 0) {
      const [{ name, status }] = this.refusals.splice(refusal, 1);
      return this.error(name, status);
    }
    const user = this.users.get(request.userId);
    if (request.action === 'other') {
      return this.error('InvalidAction', 400);
    }
    if (!user) {
      return this.error('UserNotFound', 404);
    }
    if (request.action === 'modify') {
      if (user.status !== 'active') {
        return this.error('InvalidUserState', 400);
      }
      const { passwords } = request;
      const asMany = [1, 2].includes(passwords.length) && new Set(passwords).size === passwords.length;
      if (!asMany || !passwords.every((password) => PASSWORD.test(password))) {
        return this.error('InvalidParameterValue', 400);
      }
      Object.assign(user, { status: 'modifying', passwordCount: passwords.length, authentication: 'password' });
      this.changes.push(this.propagate(user, passwords));
    }
    return this.protocol.user(request, { ...user, userId: request.userId });
  }

  private async propagate(user: StoredUser, passwords: string[]): Promise<void> {
    await sleep(this.delay, undefined, { ref: false });
    await this.redis.setUser(user.username, passwords);
    user.status = 'active';
  }

  private async apply(faults: Fault[], when: 'before' | 'after'): Promise<void> {
    for (const { effect } of faults.filter((fault) => (fault.when ?? 'before') === when)) {
      if (effect.kind === 'delay') {
        await sleep(effect.milliseconds, undefined, { ref: false });
      } else {
        await (effect.kind === 'interrupt' ? effect.callback() : undefined);
        throw new Error('dropped');
      }
    }
  }

  private error(name: string, status: number): HttpAnswer {
    return this.protocol.error(name, status, `${ERROR_CANARY} ${name}`);
  }
}
