import { cacheError } from './cache-error';
import type { CacheUser, CacheUsers } from './cache-users';
import { QueryRequests } from '../aws/query-requests';
import { serviceEndpoint } from '../aws/service-endpoint';
import type { CallLimits, SignedRequestsOptions } from '../aws/signed-requests';

const SERVICE = 'Amazon ElastiCache';

/** Users of Amazon ElastiCache, by its query API. */
export class ElastiCacheUsers implements CacheUsers {
  private readonly requests: QueryRequests;

  constructor(options: SignedRequestsOptions & { readonly endpoint?: string }) {
    this.requests = new QueryRequests({
      name: SERVICE,
      signingName: 'elasticache',
      url: serviceEndpoint({ name: SERVICE, prefix: 'elasticache', ...options }),
      version: '2015-02-02',
      errorOf: (action, status, code) => cacheError(SERVICE, action, status, code),
    }, options);
  }

  async describe(userId: string, limits: CallLimits): Promise<CacheUser> {
    const answer = await this.requests.call('DescribeUsers', { UserId: userId }, limits);
    const user = answer.find('Users', 'member');
    const text = (...names: string[]): string => user?.find(...names)?.text ?? '';
    return {
      arn: text('ARN'),
      username: text('UserName'),
      status: text('Status'),
      authentication: text('Authentication', 'Type'),
      passwordCount: Number(text('Authentication', 'PasswordCount')),
    };
  }

  async setPasswords(userId: string, passwords: readonly string[], limits: CallLimits): Promise<void> {
    const members = passwords.map((password, index) => [`Passwords.member.${index + 1}`, password]);
    const parameters = { UserId: userId, ...Object.fromEntries(members) as Record<string, string> };
    await this.requests.call('ModifyUser', parameters, limits);
  }
}
