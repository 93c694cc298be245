import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const AUTHORIZATION =
  new RegExp([
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), /,
    /Signature=([0-9a-f]{64})$/,
  ].map((part) => part.source).join(''));

export interface ExpectedSignature {
  readonly region: string;
  readonly service: string;
  readonly secretAccessKey: string;
}

/** Whether a POST request to `/` carries a signature (AWS Signature Version 4) that is right, computed from its description. */
export function isSigned(headers: IncomingHttpHeaders, body: Buffer, expected: ExpectedSignature): boolean {
  const [, , date, region, service, signedHeaders, signature] = AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  if (signature === undefined || region !== expected.region || service !== expected.service) {
    return false;
  }
  const names = signedHeaders.split(';');
  if (!['content-type', 'host', 'x-amz-date'].every((name) => names.includes(name))) {
    return false;
  }
  const canonicalHeaders = names.map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}\n`).join('');
  const canonical = ['POST', '/', '', canonicalHeaders, signedHeaders, sha256(body)].join('\n');
  const toSign = [
    'AWS4-HMAC-SHA256',
    String(headers['x-amz-date']),
    `${date}/${region}/${service}/aws4_request`,
    sha256(canonical),
  ].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${expected.secretAccessKey}`,
  );
  return hmac(key, toSign).toString('hex') === signature;
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
