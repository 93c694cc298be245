import { createHash, createHmac } from 'node:crypto';
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ServerCertificate } from './certificates';

/** A request that the cluster's API has seen. */
export interface ClusterCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, unknown>;
  readonly body: unknown;
}

/** Amazon EKS, as far as it says where a cluster is, and the API of the cluster over TLS. */
export class ClusterApi {
  static async start(certificate: ServerCertificate, authority: string): Promise<ClusterApi> {
    const api = new ClusterApi(certificate, authority);
    await Promise.all([api.eks, api.cluster].map(async (server) =>
      new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))));
    return api;
  }

  /** What the API of the cluster was asked. */
  readonly calls: ClusterCall[] = [];
  /** What Amazon EKS was asked. */
  readonly described: string[] = [];
  /** What the API of the cluster answers with, one after the other, then 200. */
  statuses: number[] = [];
  /** What Amazon EKS answers instead of where the cluster is. */
  description?: { readonly status: number; readonly body: string };
  private readonly eks: Server;
  private readonly cluster: ReturnType<typeof createServer>;

  private constructor(certificate: ServerCertificate, private readonly authority: string) {
    this.eks = createHttpServer((request, response) => {
      this.described.push(`${request.method} ${request.url}`);
      const { status, body } = this.description ?? { status: 200, body: JSON.stringify({ cluster: this.facts }) };
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
    this.cluster = createServer({ cert: certificate.certificate, key: certificate.key }, (request, response) => {
      void bodyOf(request).then((body) => {
        const { method, url, headers } = request;
        this.calls.push({ method: method!, path: url!, headers, body: JSON.parse(body) as unknown });
        response.writeHead(this.statuses.shift() ?? 200, { 'content-type': 'application/json' }).end('{}');
      });
    });
  }

  /** Of Amazon EKS. */
  get url(): string {
    return `http://127.0.0.1:${(this.eks.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await Promise.all([this.eks, this.cluster].map(async (server) => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }));
  }

  private get facts(): object {
    return {
      name: 'shop',
      endpoint: `https://localhost:${(this.cluster.address() as AddressInfo).port}`,
      certificateAuthority: { data: Buffer.from(this.authority).toString('base64') },
    };
  }
}

/** What a token for a cluster says, computed from the description of AWS Signature Version 4. */
export interface TokenFacts {
  readonly host: string;
  readonly query: Readonly<Record<string, string>>;
  /** Whether AWS STS would accept it together with this name of a cluster. */
  isSignedFor(cluster: string, secretAccessKey: string): boolean;
}

/** Reads a token as the authenticator of a cluster does. */
export function readToken(authorization: unknown): TokenFacts {
  const [, encoded] = /^Bearer k8s-aws-v1\.([\w-]+)$/.exec(String(authorization)) ?? [];
  const { host, searchParams, pathname, protocol } = new URL(Buffer.from(encoded, 'base64url').toString());
  const query = Object.fromEntries(searchParams);
  return {
    host,
    query,
    isSignedFor: (cluster, secretAccessKey) => {
      const { 'X-Amz-Signature': signature, ...rest } = query;
      const escaped = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (character) =>
        `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
      const canonicalQuery = Object.entries(rest).map(([name, value]) => `${escaped(name)}=${escaped(value)}`).sort().join('&');
      const canonical = ['GET', pathname, canonicalQuery, `host:${host}\nx-k8s-aws-id:${cluster}\n`, 'host;x-k8s-aws-id', sha256('')];
      const [, date, region, service] = rest['X-Amz-Credential'].split('/');
      const toSign = [
        'AWS4-HMAC-SHA256', rest['X-Amz-Date'], `${date}/${region}/${service}/aws4_request`, sha256(canonical.join('\n')),
      ];
      const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
      return protocol === 'https:' && hmac(key, toSign.join('\n')).toString('hex') === signature;
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
