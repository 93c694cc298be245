import { cacheError } from './cache-error';
import type { CacheUser, CacheUsers } from './cache-users';
import { parseJsonAnswer } from '../aws/json-answer';
import { serviceEndpoint } from '../aws/service-endpoint';
import { type CallLimits, SignedRequests, type SignedRequestsOptions } from '../aws/signed-requests';

const SERVICE = 'Amazon MemoryDB';

/** Users of Amazon MemoryDB, by its JSON API. */
export class MemoryDbUsers implements CacheUsers {
  private readonly requests: SignedRequests;

  constructor(options: SignedRequestsOptions & { readonly endpoint?: string }) {
    const url = serviceEndpoint({ name: SERVICE, prefix: 'memory-db', ...options });
    this.requests = new SignedRequests({ name: SERVICE, signingName: 'memorydb', url }, options);
  }

  async describe(userId: string, limits: CallLimits): Promise<CacheUser> {
    const answer = await this.call('DescribeUsers', { UserName: userId }, limits);
    const user = record(Array.isArray(answer.Users) ? answer.Users[0] : undefined);
    const authentication = record(user.Authentication);
    return {
      arn: text(user.ARN),
      username: text(user.Name),
      status: text(user.Status),
      authentication: text(authentication.Type),
      passwordCount: Number(authentication.PasswordCount ?? 0),
    };
  }

  async setPasswords(userId: string, passwords: readonly string[], limits: CallLimits): Promise<void> {
    await this.call('UpdateUser', { UserName: userId, AuthenticationMode: { Type: 'password', Passwords: passwords } }, limits);
  }

  private async call(action: string, input: Record<string, unknown>, limits: CallLimits): Promise<Record<string, unknown>> {
    return this.requests.send({
      action,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AmazonMemoryDB.${action}` },
      body: JSON.stringify(input),
      read: (status, answerText) => {
        const answer = parseJsonAnswer(answerText);
        if (status === 200 && answer !== undefined) {
          return answer;
        }
        throw cacheError(SERVICE, action, status, answer?.__type);
      },
    }, limits);
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? value as Record<string, unknown> : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
