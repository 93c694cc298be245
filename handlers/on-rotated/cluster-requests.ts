import { clusterToken } from './cluster-token';
import { serviceError } from './service-error';
import type { Services } from './services';
import { type HttpHead, HttpRequests, type HttpService } from '../aws/http-requests';
import { parseJsonAnswer } from '../aws/json-answer';
import type { CallLimits, SignedRequestsOptions } from '../aws/signed-requests';
import { RotationError } from '../core/rotation-error';
import { isRecord } from '../deployment/binding-checks';

/** In errors: that it cannot be reached may be because it is not public. */
export const CLUSTER_API = 'the public API of the Amazon EKS cluster';

/** Calls the API of a cluster as the function's role. */
export class ClusterRequests extends HttpRequests {
  /** Asks Amazon EKS where the cluster is, and which authority its certificate is from. */
  static async of(
    cluster: string, services: Services, options: SignedRequestsOptions, limits: CallLimits,
  ): Promise<ClusterRequests> {
    const service = await services.eks.send({
      action: 'DescribeCluster',
      method: 'GET',
      path: `/clusters/${cluster}`,
      headers: {},
      body: '',
      read: (status, text) => {
        if (status !== 200) {
          throw serviceError('Amazon EKS', 'DescribeCluster', status);
        }
        return serviceIn(parseJsonAnswer(text));
      },
    }, limits);
    return new ClusterRequests(service, cluster, options);
  }

  private constructor(service: HttpService, private readonly cluster: string, private readonly options: SignedRequestsOptions) {
    super(service, options.clock);
  }

  protected async authorized(head: HttpHead): Promise<HttpHead> {
    const authorization = `Bearer ${await clusterToken(this.cluster, this.options)}`;
    return { ...head, headers: { ...head.headers, authorization } };
  }
}

function serviceIn(answer: Record<string, unknown> | undefined): HttpService {
  const { endpoint, certificateAuthority } = isRecord(answer?.cluster) ? answer.cluster : {};
  const data = isRecord(certificateAuthority) ? certificateAuthority.data : undefined;
  if (typeof endpoint !== 'string' || !endpoint.startsWith('https://') || !URL.canParse(endpoint) || typeof data !== 'string') {
    throw new RotationError('unavailable', 'Amazon EKS does not say where the cluster is: it may be about to be created');
  }
  return {
    name: CLUSTER_API,
    url: new URL(endpoint),
    ca: Buffer.from(data, 'base64').toString('utf8'),
  };
}
