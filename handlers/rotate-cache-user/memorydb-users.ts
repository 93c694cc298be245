import { cacheError } from './cache-error';
import type { CacheUser, CacheUsers } from './cache-users';
import { JsonRequests } from '../aws/json-requests';
import { serviceEndpoint } from '../aws/service-endpoint';
import type { CallLimits, SignedRequestsOptions } from '../aws/signed-requests';

const SERVICE = 'Amazon MemoryDB';

/** Users of Amazon MemoryDB, by its JSON API. */
export class MemoryDbUsers implements CacheUsers {
  private readonly requests: JsonRequests;

  constructor(options: SignedRequestsOptions & { readonly endpoint?: string }) {
    const url = serviceEndpoint({ name: SERVICE, prefix: 'memory-db', ...options });
    this.requests = new JsonRequests({
      name: SERVICE,
      signingName: 'memorydb',
      url,
      targetPrefix: 'AmazonMemoryDB',
      version: '1.1',
      errorOf: (action, status, code) => cacheError(SERVICE, action, status, code),
    }, options);
  }

  async describe(userId: string, limits: CallLimits): Promise<CacheUser> {
    const answer = await this.requests.call('DescribeUsers', { UserName: userId }, limits);
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
    const AuthenticationMode = { Type: 'password', Passwords: passwords };
    await this.requests.call('UpdateUser', { UserName: userId, AuthenticationMode }, limits);
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? value as Record<string, unknown> : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
