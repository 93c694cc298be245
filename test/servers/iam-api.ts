import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CallFaults, type Fault } from './call-faults';
import { isSigned } from './request-signature';
import type { SecretsManagerServer } from './secrets-manager-server';

/** IAM is signed for in its own Region, and STS in the caller's. */
const SCOPES = { iam: 'us-east-1', sts: 'eu-west-1' };
/** What every error says after its code, as services quote what they refuse. */
export const ERROR_CANARY = 'quoted-by-the-service';
/** That of the callers who are no users. */
const ROLE_SECRET = 'none';

/** What may be remembered of a request: never a secret access key. */
export interface RecordedCall {
  readonly action: string;
  readonly userName?: string;
  readonly keyId?: string;
}

export interface ListedKey {
  readonly id: string;
  readonly active: boolean;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** IAM and STS as moto has them. What moto has not: signatures are checked, and keys that are gone or inactive do not work. */
export class IamApi {
  static async start(server: SecretsManagerServer): Promise<IamApi> {
    const api = new IamApi(server);
    await new Promise<void>((resolve) => api.proxy.listen(0, '127.0.0.1', resolve));
    api.proxy.unref();
    return api;
  }

  /** Calls since the last `reset()`. */
  readonly calls: RecordedCall[] = [];
  /** When keys were last used, where it is not when moto has seen them. */
  readonly usedAt = new Map<string, Date>();
  /** By how many milliseconds keys seem to have been made later than they were. */
  readonly createdLater = new Map<string, number>();
  /** How many times a new key is not known yet where it is used. */
  unknownAtFirst = 0;
  /** Answers with this and nothing else, where it is set. */
  answerWith?: Answer;
  /** Answers of success to some actions, in place of moto's. */
  readonly answersOf = new Map<string, string>();
  private readonly secrets = new Map<string, { readonly userName: string; readonly secret: string }>();
  private readonly refusals: { action: string; code: string; status: number }[] = [];
  private readonly faults = new CallFaults();
  private readonly proxy: Server;

  private constructor(private readonly server: SecretsManagerServer) {
    this.proxy = createServer((request, response) => void this.handle(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.proxy.address() as AddressInfo).port}`;
  }

  async createUser(userName: string, path = '/'): Promise<string> {
    const { body } = await this.ask({ Action: 'CreateUser', UserName: userName, Path: path });
    return textOf(body, 'Arn')!;
  }

  /** A key that somebody makes by hand. */
  async createKey(userName: string): Promise<{ accessKeyId: string; secretAccessKey: string }> {
    const { body } = await this.ask({ Action: 'CreateAccessKey', UserName: userName });
    this.learn(body);
    return { accessKeyId: textOf(body, 'AccessKeyId')!, secretAccessKey: textOf(body, 'SecretAccessKey')! };
  }

  async deactivateKey(userName: string, keyId: string): Promise<void> {
    await this.ask({ Action: 'UpdateAccessKey', UserName: userName, AccessKeyId: keyId, Status: 'Inactive' });
  }

  async deleteKey(userName: string, keyId: string): Promise<void> {
    await this.ask({ Action: 'DeleteAccessKey', UserName: userName, AccessKeyId: keyId });
  }

  async keysOf(userName: string): Promise<ListedKey[]> {
    const { body } = await this.ask({ Action: 'ListAccessKeys', UserName: userName });
    return [...body.matchAll(/<member>.*?<\/member>/gs)].map(([member]) => ({
      id: textOf(member, 'AccessKeyId')!,
      active: textOf(member, 'Status') === 'Active',
    }));
  }

  /** Refuses the next calls of an action with an error of the service. */
  refuse(action: string, code: string, status = 400, times = 1): void {
    this.refusals.push(...Array.from({ length: times }, () => ({ action, code, status })));
  }

  fault(fault: Fault): void {
    this.faults.add(fault);
  }

  actions(): string[] {
    return this.calls.map(({ action }) => action);
  }

  reset(): void {
    this.calls.length = 0;
    this.refusals.length = 0;
    this.usedAt.clear();
    this.createdLater.clear();
    this.faults.clear();
    this.unknownAtFirst = 0;
    this.answerWith = undefined;
    this.answersOf.clear();
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
      const { status, body } = this.answerWith ?? await this.answer(incoming, Buffer.concat(chunks));
      outgoing.writeHead(status, { 'content-type': 'text/xml' });
      outgoing.end(body);
    } catch {
      // A fault that asks for it: the caller sees a broken connection.
      outgoing.destroy();
    }
  }

  private async answer({ headers }: IncomingMessage, body: Buffer): Promise<Answer> {
    const parameters = Object.fromEntries(new URLSearchParams(body.toString('utf8')));
    const { Action: action, UserName: userName, AccessKeyId: keyId } = parameters;
    const authorization = headers.authorization ?? '';
    const caller = /Credential=([^/,]+)\//.exec(authorization)?.[1] ?? '';
    const service = action === 'GetCallerIdentity' ? 'sts' : 'iam';
    const known = service === 'sts' ? this.secrets.get(caller) : { userName: '', secret: ROLE_SECRET };
    if (known && !isSigned(headers, body, { region: SCOPES[service], service, secretAccessKey: known.secret })) {
      return error('SignatureDoesNotMatch', 403);
    }
    this.calls.push({ action, userName, keyId: keyId ?? (service === 'sts' ? caller : undefined) });
    const faults = this.faults.strike(action);
    await strike(faults, 'before');
    const refusal = this.refusals.findIndex((refused) => refused.action === action);
    if (refusal >= 0) {
      const [{ code, status }] = this.refusals.splice(refusal, 1);
      return error(code, status);
    }
    const given = this.answersOf.get(action);
    if (given !== undefined) {
      return { status: 200, body: given };
    }
    if (service === 'sts' && !(known && await this.works(known.userName, caller))) {
      return error('InvalidClientTokenId', 403);
    }
    const answer = await this.ask(parameters, authorization);
    if (action === 'CreateAccessKey' && answer.status === 200) {
      this.learn(answer.body);
    }
    await strike(faults, 'after');
    switch (action) {
      case 'GetAccessKeyLastUsed':
        return this.withUse(answer, keyId);
      case 'ListAccessKeys':
        return this.withTimes(answer);
      default:
        return answer;
    }
  }

  private async works(userName: string, keyId: string): Promise<boolean> {
    if (this.unknownAtFirst > 0) {
      this.unknownAtFirst -= 1;
      return false;
    }
    return (await this.keysOf(userName)).some(({ id, active }) => id === keyId && active);
  }

  private learn(body: string): void {
    const [id, secret, userName] = ['AccessKeyId', 'SecretAccessKey', 'UserName'].map((name) => textOf(body, name)!);
    this.secrets.set(id, { secret, userName });
  }

  private withUse(answer: Answer, keyId: string): Answer {
    const date = this.usedAt.get(keyId);
    return date === undefined ? answer : {
      ...answer,
      body: answer.body.replace(/<AccessKeyLastUsed>.*<\/AccessKeyLastUsed>/s, `<AccessKeyLastUsed><LastUsedDate>${
        timeText(date.getTime())}</LastUsedDate></AccessKeyLastUsed>`),
    };
  }

  /** In whole seconds, as IAM tells them. */
  private withTimes({ status, body }: Answer): Answer {
    const later = (member: string): number => this.createdLater.get(textOf(member, 'AccessKeyId')!) ?? 0;
    return {
      status,
      body: body.replaceAll(/<member>.*?<\/member>/gs, (member) =>
        member.replace(/(?<=<CreateDate>)[^<]*/, (date) => timeText(Date.parse(date) + later(member)))),
    };
  }

  private async ask(parameters: Record<string, string>, authorization?: string): Promise<Answer> {
    const response = await fetch(this.server.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'authorization': authorization ?? 'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/iam/aws4_request, '
          + 'SignedHeaders=host, Signature=0',
      },
      body: new URLSearchParams({ Version: '2010-05-08', ...parameters }),
    });
    return { status: response.status, body: await response.text() };
  }
}

function textOf(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}

function timeText(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+/, '');
}

function error(code: string, status: number): Answer {
  return { status, body: `<ErrorResponse><Error><Code>${code}</Code><Message>${ERROR_CANARY}</Message></Error></ErrorResponse>` };
}

async function strike(faults: Fault[], when: 'before' | 'after'): Promise<void> {
  for (const { effect } of faults.filter((fault) => (fault.when ?? 'before') === when)) {
    if (effect.kind === 'meanwhile' || effect.kind === 'interrupt') {
      await effect.callback();
    }
    if (effect.kind === 'drop' || effect.kind === 'interrupt') {
      throw new Error('dropped');
    }
  }
}
