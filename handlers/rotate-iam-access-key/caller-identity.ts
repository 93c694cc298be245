import type { AccessKeyPair } from './user-access-keys';
import { classOfStatus } from '../aws/class-of-status';
import { QueryRequests } from '../aws/query-requests';
import { serviceEndpoint } from '../aws/service-endpoint';
import type { CallLimits, SignedRequestsOptions } from '../aws/signed-requests';
import { RotationError } from '../core/rotation-error';

const SERVICE = 'AWS STS';
const FORBIDDEN = 403;

/**
 * Whose an access key is, asked with the key itself: that needs no permission, and no policy can deny it.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export class CallerIdentity {
  private readonly url: URL;

  constructor(private readonly options: Omit<SignedRequestsOptions, 'credentials'> & { readonly endpoint?: string }) {
    this.url = serviceEndpoint({ name: SERVICE, prefix: 'sts', ...options });
  }

  /** ARN of the key's user. Fails with class `authentication` where the key does not work, or not yet. */
  async of({ id, secret }: AccessKeyPair, limits: CallLimits): Promise<string> {
    const requests = new QueryRequests(
      { name: SERVICE, signingName: 'sts', url: this.url, version: '2011-06-15', errorOf: identityError },
      { ...this.options, credentials: { accessKeyId: id, secretAccessKey: secret } },
    );
    return (await requests.call('GetCallerIdentity', {}, limits)).find('Arn')?.text ?? '';
  }
}

function identityError(action: string, status: number, code = `HTTP${status}`): RotationError {
  return status === FORBIDDEN
    ? new RotationError('authentication', 'AWS STS does not accept the access key', code)
    : new RotationError(code === 'Throttling' ? 'throttling' : classOfStatus(status), `AWS STS refused ${action}`, code);
}
