import { cacheError } from './cache-error';
import type { CacheUser, CacheUsers } from './cache-users';
import { XmlElement } from './xml-element';
import { serviceEndpoint } from '../aws/service-endpoint';
import { type CallLimits, SignedRequests, type SignedRequestsOptions } from '../aws/signed-requests';

const SERVICE = 'Amazon ElastiCache';
const VERSION = '2015-02-02';

/** Users of Amazon ElastiCache, by its query API. */
export class ElastiCacheUsers implements CacheUsers {
  private readonly requests: SignedRequests;

  constructor(options: SignedRequestsOptions & { readonly endpoint?: string }) {
    const url = serviceEndpoint({ name: SERVICE, prefix: 'elasticache', ...options });
    this.requests = new SignedRequests({ name: SERVICE, signingName: 'elasticache', url }, options);
  }

  async describe(userId: string, limits: CallLimits): Promise<CacheUser> {
    const answer = await this.call('DescribeUsers', { UserId: userId }, limits);
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
    await this.call('ModifyUser', { UserId: userId, ...Object.fromEntries(members) as Record<string, string> }, limits);
  }

  private async call(action: string, parameters: Record<string, string>, limits: CallLimits): Promise<XmlElement> {
    return this.requests.send({
      action,
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: new URLSearchParams({ Action: action, Version: VERSION, ...parameters }).toString(),
      read: (status, text) => {
        const document = XmlElement.parse(text);
        const result = document?.name === `${action}Response` ? document.find(`${action}Result`) : undefined;
        if (status === 200 && result) {
          return result;
        }
        throw cacheError(SERVICE, action, status, document?.find('Error', 'Code')?.text);
      },
    }, limits);
  }
}
