import { SignatureV4 } from '@smithy/signature-v4';
import { NodeSha256 } from '../aws/node-sha256';
import { serviceEndpoint } from '../aws/service-endpoint';
import type { SignedRequestsOptions } from '../aws/signed-requests';

/** Which cluster the token is for: no other one takes it. */
const CLUSTER_HEADER = 'x-k8s-aws-id';
const SECONDS = 60;

/**
 * Proves to an Amazon EKS cluster whose role this is: a signed question to AWS STS, which the cluster asks in our place.
 *
 * @see https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster
 */
export async function clusterToken(cluster: string, { region, credentials, clock }: SignedRequestsOptions): Promise<string> {
  const { protocol, hostname } = serviceEndpoint({ name: 'AWS STS', prefix: 'sts', region });
  const signer = new SignatureV4({ service: 'sts', region, credentials, sha256: NodeSha256 });
  const { query } = await signer.presign({
    method: 'GET',
    protocol,
    hostname,
    path: '/',
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    headers: { host: hostname, [CLUSTER_HEADER]: cluster },
  }, { expiresIn: SECONDS, signingDate: new Date(clock.now()) });
  const url = `${protocol}//${hostname}/?${new URLSearchParams(query as Record<string, string>).toString()}`;
  return `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;
}
