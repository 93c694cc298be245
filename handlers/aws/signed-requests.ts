import { SignatureV4 } from '@smithy/signature-v4';
import { type HttpHead, HttpRequests, type HttpService } from './http-requests';
import { NodeSha256 } from './node-sha256';
import type { Clock } from '../core/clock';

export type { CallLimits } from './http-requests';

/** A service of AWS. */
export interface AwsService extends HttpService {
  readonly signingName: string;
}

export interface SignedRequestsOptions {
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  readonly clock: Clock;
}

/** Calls a service of AWS: signed. */
export class SignedRequests<Service extends AwsService = AwsService> extends HttpRequests<Service> {
  private readonly signer: SignatureV4;

  constructor(service: Service, options: SignedRequestsOptions) {
    super(service, options.clock);
    this.signer = new SignatureV4({ ...options, service: service.signingName, sha256: NodeSha256 });
  }

  protected async authorized(head: HttpHead, body: string): Promise<HttpHead> {
    const { hostname, protocol } = this.service.url;
    const { headers } = await this.signer.sign(
      { ...head, protocol, hostname, query: {}, body },
      { signingDate: new Date(this.clock.now()) },
    );
    return { ...head, headers };
  }
}
