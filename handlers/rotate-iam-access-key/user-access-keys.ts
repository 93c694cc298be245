import { iamEndpoint } from './iam-endpoint';
import { iamError, NO_SUCH_ENTITY } from './iam-error';
import { QueryRequests } from '../aws/query-requests';
import type { CallLimits, SignedRequestsOptions } from '../aws/signed-requests';
import { RotationError } from '../core/rotation-error';

/** An access key as IAM lists it: without its secret, which IAM tells once, when it makes the key. */
export interface AccessKey {
  readonly id: string;
  readonly active: boolean;
  /** Milliseconds since the epoch, in whole seconds. */
  readonly createdAt: number;
}

export interface AccessKeyPair {
  readonly id: string;
  readonly secret: string;
}

/** The access keys of users, by the API of IAM. A user has two at the most. */
export class UserAccessKeys {
  private readonly requests: QueryRequests;

  constructor(options: SignedRequestsOptions & { readonly endpoint?: string }) {
    const { url, region } = iamEndpoint(options.region, options.endpoint);
    const service = { name: 'AWS IAM', signingName: 'iam', url, version: '2010-05-08', errorOf: iamError };
    this.requests = new QueryRequests(service, { ...options, region });
  }

  async list(userName: string, limits: CallLimits): Promise<AccessKey[]> {
    const answer = await this.requests.call('ListAccessKeys', { UserName: userName }, limits);
    return (answer.find('AccessKeyMetadata')?.children ?? []).map((member) => ({
      id: member.find('AccessKeyId')?.text ?? '',
      active: member.find('Status')?.text === 'Active',
      createdAt: Date.parse(member.find('CreateDate')?.text ?? ''),
    }));
  }

  /** Not tried again where the first attempt may have made a key. */
  async create(userName: string, limits: CallLimits): Promise<AccessKeyPair> {
    const answer = await this.requests.callOnce('CreateAccessKey', { UserName: userName }, limits);
    const [id, secret] = ['AccessKeyId', 'SecretAccessKey'].map((name) => answer.find('AccessKey', name)?.text);
    if (!id || !secret) {
      throw new RotationError('unavailable', 'the answer of AWS IAM to CreateAccessKey has no access key');
    }
    return { id, secret };
  }

  async deactivate(userName: string, id: string, limits: CallLimits): Promise<void> {
    await this.change('UpdateAccessKey', { UserName: userName, AccessKeyId: id, Status: 'Inactive' }, limits);
  }

  async delete(userName: string, id: string, limits: CallLimits): Promise<void> {
    await this.change('DeleteAccessKey', { UserName: userName, AccessKeyId: id }, limits);
  }

  /** When a key was last used, as far as IAM knows yet; `undefined` for never. */
  async lastUsedAt(id: string, limits: CallLimits): Promise<number | undefined> {
    const answer = await this.requests.call('GetAccessKeyLastUsed', { AccessKeyId: id }, limits);
    const date = Date.parse(answer.find('AccessKeyLastUsed', 'LastUsedDate')?.text ?? '');
    return Number.isNaN(date) ? undefined : date;
  }

  /** A key that is gone needs no change. */
  private async change(action: string, parameters: Record<string, string>, limits: CallLimits): Promise<void> {
    try {
      await this.requests.command(action, parameters, limits);
    } catch (thrown) {
      if (!(thrown instanceof RotationError && thrown.code === NO_SUCH_ENTITY)) {
        throw thrown;
      }
    }
  }
}
