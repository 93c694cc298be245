import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SecretsManagerClient, SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import { CallFaults, type Fault } from './call-faults';
import { type Permission, refuse } from './permission-list';
import { errorAnswer, type JsonAnswer, parseRequest, type SecretsManagerRequest, type Upstream } from './secrets-manager-request';
import { SecretsManagerRules } from './secrets-manager-rules';
import type { SecretsManagerServer } from './secrets-manager-server';

// What may be remembered of a request: never a value.
const RECORDED = [
  'SecretId', 'ClientRequestToken', 'VersionId', 'VersionStage', 'VersionStages', 'MoveToVersionId', 'RemoveFromVersionId',
];
const NOT_FORWARDED = ['host', 'connection', 'content-length', 'transfer-encoding', 'expect', 'keep-alive'];

export interface RecordedCall {
  readonly action: string;
  readonly caller: string;
  readonly input: Record<string, unknown>;
  /** `ok`, `dropped` or the name of the error. */
  outcome: string;
}

class Dropped extends Error {}

/** A proxy in front of the Secrets Manager server: AWS's own rules, permissions, a record of the calls, and faults on demand. */
export class StrictGuard {
  static async start(server: SecretsManagerServer): Promise<StrictGuard> {
    const guard = new StrictGuard(server);
    await new Promise<void>((resolve, reject) => guard.proxy.once('error', reject).listen(0, '127.0.0.1', resolve));
    guard.proxy.unref();
    return guard;
  }

  /** Every call since the last `reset()`, in the order of arrival. */
  readonly calls: RecordedCall[] = [];
  private readonly faults = new CallFaults();
  private readonly versionTimes = new Map<string, number>();
  private readonly proxy: Server;
  private permissions?: Permission[];
  private last: Promise<unknown> = Promise.resolve();

  private constructor(private readonly server: SecretsManagerServer) {
    this.proxy = createServer((request, response) => void this.handle(request, response));
  }

  get port(): number {
    return (this.proxy.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  client(config: SecretsManagerClientConfig = {}): SecretsManagerClient {
    return this.server.client({ endpoint: this.url, ...config });
  }

  /** How often an action was called; without an action, how many calls there were. */
  count(action?: string): number {
    return this.calls.filter((call) => action === undefined || call.action === action).length;
  }

  fault(fault: Fault): void {
    this.faults.add(fault);
  }

  /** From now on a caller may do what a permission allows, and nothing else. */
  enforce(permissions: Permission[]): void {
    this.permissions = permissions;
  }

  /** Forgets calls, faults and permissions. */
  reset(): void {
    this.calls.length = 0;
    this.faults.clear();
    this.permissions = undefined;
  }

  async stop(): Promise<void> {
    this.proxy.closeAllConnections();
    await new Promise((resolve) => this.proxy.close(resolve));
  }

  private async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) {
        chunks.push(chunk as Buffer);
      }
      const body = Buffer.concat(chunks);
      const request = parseRequest(incoming.headers, body);
      if (request === undefined) {
        const response = await this.forward(incoming, incoming.headers, body);
        outgoing.writeHead(response.status, { 'content-type': response.headers.get('content-type') ?? 'text/plain' });
        outgoing.end(Buffer.from(await response.arrayBuffer()));
        return;
      }
      const { status, body: answer } = await this.answer(request, incoming);
      outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      outgoing.end(JSON.stringify(answer));
    } catch {
      // A client that went away, a fault that asks for it, or a server that has stopped: the caller sees a broken connection.
      outgoing.destroy();
    }
  }

  private async answer(request: SecretsManagerRequest, incoming: IncomingMessage): Promise<JsonAnswer> {
    const input = Object.fromEntries(Object.entries(request.input).filter(([name]) => RECORDED.includes(name)));
    const call: RecordedCall = { action: request.action, caller: request.caller, input, outcome: 'dropped' };
    this.calls.push(call);
    const faults = this.faults.strike(request.action);
    const upstream: Upstream = async (action, body) => {
      const headers = { ...incoming.headers, 'x-amz-target': `secretsmanager.${action}` };
      const response = await this.forward(incoming, headers, Buffer.from(JSON.stringify(body)));
      return { status: response.status, body: await response.json() as Record<string, unknown> };
    };
    let answer = await this.apply(faults, 'before');
    if (answer === undefined) {
      // One at a time, because the rules look before they act.
      const turn = this.last.then(
        async () =>
          (await (this.permissions && refuse(this.permissions, request, upstream)))
          ?? new SecretsManagerRules(upstream, this.versionTimes).answer(request),
      );
      this.last = turn.catch(() => undefined);
      answer = await turn;
      answer = await this.apply(faults, 'after') ?? answer;
    }
    call.outcome = answer.status === 200 ? 'ok' : String(answer.body.__type);
    return answer;
  }

  private async apply(faults: Fault[], when: Fault['when']): Promise<JsonAnswer | undefined> {
    for (const { effect } of faults.filter((fault) => (fault.when ?? 'before') === when)) {
      switch (effect.kind) {
        case 'delay':
          await sleep(effect.milliseconds, undefined, { ref: false });
          break;
        case 'error':
          return errorAnswer(effect.name, 'The test asked for this error.');
        case 'meanwhile':
          await effect.callback();
          break;
        case 'interrupt':
          await effect.callback();
          throw new Dropped();
        case 'drop':
          throw new Dropped();
      }
    }
    return undefined;
  }

  private forward(incoming: IncomingMessage, headers: IncomingHttpHeaders, body: Buffer): Promise<Response> {
    const kept = Object.entries(headers).filter(([name]) => !NOT_FORWARDED.includes(name))
      .map(([name, value]) => [name, String(value)]);
    return fetch(`http://127.0.0.1:${this.server.port}${incoming.url ?? '/'}`, {
      method: incoming.method,
      headers: Object.fromEntries(kept) as Record<string, string>,
      body: body.length > 0 ? body : undefined,
    });
  }
}
