import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { SecretsManagerClient } from '../../../handlers/aws/secrets-manager-client';
import { SecretsManagerStore } from '../../../handlers/aws/secrets-manager-store';
import { type Clock, systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { createCertificates } from '../../servers/certificates';
import { freePort } from '../../servers/free-port';
import { VirtualClock } from '../support/virtual-clock';

const CANARY = 'canary-value';
const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret-key-canary', sessionToken: 'session-token' };

interface Request {
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

/** Answers as it is told, and remembers what it was asked. */
class Endpoint {
  readonly requests: Request[] = [];
  answer!: (response: ServerResponse, nth: number) => void;
  private readonly http = createHttp((request, response) => void this.handle(request, response));

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as { port: number }).port}`;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.http.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    this.requests.push({
      headers: request.headers,
      body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>,
    });
    this.answer(response, this.requests.length);
  }
}

const endpoint = new Endpoint();
const client = (url = endpoint.url, clock: Clock = systemClock): SecretsManagerClient =>
  new SecretsManagerClient({ region: 'eu-west-1', endpoint: url, credentials, clock });
const call = async (milliseconds = 20_000, patient = true, url?: string): Promise<unknown> =>
  client(url).call('DescribeSecret', { SecretId: 'x' }, { deadline: new Deadline(systemClock, milliseconds), patient });
/** Nobody waits between attempts. The time that is left for the last one is real, and more than a busy machine needs. */
const callAgainAndAgain = async (): Promise<unknown> => {
  const clock = new VirtualClock(0.75);
  return client(endpoint.url, clock).call('DescribeSecret', {}, { deadline: new Deadline(clock, 60_000), patient: true });
};
const store = (): SecretsManagerStore =>
  new SecretsManagerStore(client(), { deadline: new Deadline(systemClock, 20_000), patient: true });

beforeAll(() => endpoint.start());

afterAll(() => endpoint.stop());

beforeEach(() => {
  endpoint.requests.length = 0;
  endpoint.answer = (response) => response.end('{}');
});

test('signs what it asks, with the session token of the role', async () => {
  await call();
  const { headers, body } = endpoint.requests[0];
  expect(body).toEqual({ SecretId: 'x' });
  expect(headers).toMatchObject({
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'secretsmanager.DescribeSecret',
    'x-amz-security-token': 'session-token',
    'authorization': expect.stringMatching(
      new RegExp([
        /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/eu-west-1\/secretsmanager\/aws4_request, /,
        /SignedHeaders=[^,]*host[^,]*x-amz-security-token[^,]*, Signature=[0-9a-f]{64}$/,
      ].map((part) => part.source).join('')),
    ),
  });
  expect(headers.authorization).not.toContain('canary');
});

test('keeps the connection', async () => {
  const kept = client();
  const ports = new Set<string>();
  endpoint.answer = (response) => {
    ports.add(String(response.socket?.remotePort));
    response.end('{}');
  };
  for (let turn = 0; turn < 3; turn++) {
    await kept.call('DescribeSecret', {}, { deadline: new Deadline(systemClock, 20_000), patient: true });
  }
  expect(ports.size).toBe(1);
});

test('sends the rotation token with the new version', async () => {
  await store().putPending('x', { token: 'token', rotationToken: 'rotation-token', text: 'value' });
  expect(endpoint.requests[0].body).toEqual({
    SecretId: 'x',
    ClientRequestToken: 'token',
    RotationToken: 'rotation-token',
    SecretString: 'value',
    VersionStages: ['AWSPENDING'],
  });
});

const refuse = (status: number, body: string) => (response: ServerResponse): void => {
  response.statusCode = status;
  response.end(body);
};

test.each([
  [400, { __type: 'ResourceNotFoundException', Message: CANARY }, 'configuration', 'ResourceNotFoundException'],
  [400, { __type: 'com.amazonaws.secretsmanager#InvalidParameterException' }, 'conflict', 'InvalidParameterException'],
  [400, { __type: 'SomethingNew' }, 'conflict', 'SomethingNew'],
  [400, { __type: `${CANARY} with spaces` }, 'conflict', undefined],
  [400, { __type: 7 }, 'conflict', 'HTTP400'],
])('an answer %d %j is one of its own errors, without a word of it', async (status, body, errorClass, code) => {
  endpoint.answer = refuse(status, JSON.stringify(body));
  const error = await call().catch((thrown: unknown) => thrown) as Error;
  expect(error).toMatchObject({ name: 'RotationError', errorClass });
  expect((error as Error & { code?: string }).code).toBe(code);
  expect(JSON.stringify([error.message, error.stack, { ...error }, error.cause])).not.toContain(CANARY);
  expect(endpoint.requests).toHaveLength(1);
});

test.each([
  [429, '{}', 'throttling', 'HTTP429'], [503, `<html>${CANARY}`, 'unavailable', 'HTTP503'],
  [200, CANARY, 'unavailable', 'HTTP200'], [200, '7', 'unavailable', 'HTTP200'],
  [400, '{"__type":"ThrottlingException"}', 'throttling', 'ThrottlingException'],
])('an answer %d %j is asked for again', async (status, body, errorClass, code) => {
  endpoint.answer = refuse(status, body);
  const error = await callAgainAndAgain().catch((thrown: unknown) => thrown) as Error;
  expect(error).toMatchObject({ errorClass, code });
  expect(JSON.stringify([error.message, error.stack])).not.toContain(CANARY);
  expect(endpoint.requests.length).toBeGreaterThan(1);
});

test('an empty answer is one', async () => {
  endpoint.answer = (response) => response.end();
  await expect(call()).resolves.toEqual({});
});

test('a server that says nothing, or never ends', async () => {
  endpoint.answer = () => undefined;
  await expect(call(300)).rejects.toMatchObject({ errorClass: 'timeout' });
  endpoint.answer = (response) => response.write('{');
  await expect(call(300)).rejects.toMatchObject({ errorClass: 'timeout' });
});

test.each([false, true])(
  'a connection that was closed while nothing happened is made anew, by a call that is patient (%s) or not',
  async (patient) => {
    const kept = client();
    const ports: unknown[] = [];
    endpoint.answer = (response, nth) => {
      ports.push(response.socket?.remotePort);
      if (nth === 2) {
        response.destroy();
      } else {
        response.end('{"ARN":"x"}');
      }
    };
    const again = async (): Promise<unknown> =>
      kept.call('DescribeSecret', {}, { deadline: new Deadline(systemClock, 20_000), patient });
    await again();
    await expect(again()).resolves.toEqual({ ARN: 'x' });
    expect([ports[1] === ports[0], ports[2] === ports[1], ports.length]).toEqual([true, false, 3]);
  },
);

test('a server that breaks off', async () => {
  endpoint.answer = (response, nth) => {
    if (nth === 1) {
      response.destroy();
    } else if (nth === 2) {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{');
      setTimeout(() => response.destroy(), 10);
    } else {
      response.end('{"ARN":"x"}');
    }
  };
  await expect(call()).resolves.toEqual({ ARN: 'x' });
  expect(endpoint.requests).toHaveLength(3);
});

test('an answer without end is cut', async () => {
  endpoint.answer = (response) => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', more);
    more();
  };
  await expect(callAgainAndAgain()).rejects
    .toMatchObject({ errorClass: 'unavailable', message: expect.stringContaining('is too long') });
});

test('nobody listens: waited for long only where that may change', async () => {
  const clock = new VirtualClock();
  const url = `http://127.0.0.1:${await freePort()}`;
  const waited = async (patient: boolean): Promise<number> => {
    const startedAt = clock.now();
    const calling = new SecretsManagerClient({ region: 'eu-west-1', endpoint: url, credentials, clock });
    await expect(calling.call('DescribeSecret', {}, { deadline: new Deadline(clock, 60_000), patient }))
      .rejects.toMatchObject({ errorClass: 'network', code: 'ECONNREFUSED' });
    return clock.now() - startedAt;
  };
  const [patiently, impatiently] = [await waited(true), await waited(false)];
  expect([patiently > 25_000, patiently <= 30_000, impatiently > 1_000, impatiently <= 2_000]).toEqual([true, true, true, true]);
});

test('a name without an address', async () => {
  await expect(call(3_000, true, 'https://nowhere.invalid')).rejects.toMatchObject({ errorClass: 'network' });
});

test.each(['good', 'wrongHost', 'expired'] as const)(
  'a certificate that is not of a public authority is refused (%s), whatever the environment says',
  async (name) => {
    const { certificate: cert, key } = createCertificates()[name];
    let requests = 0;
    const server = createHttps({ cert, key }, (_request, response) => {
      requests++;
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    process.env.AWS_ENDPOINT_URL = endpoint.url;
    process.env.HTTPS_PROXY = endpoint.url;
    try {
      const url = `https://localhost:${(server.address() as { port: number }).port}`;
      await expect(call(20_000, true, url)).rejects.toMatchObject({ errorClass: 'tls' });
      expect([requests, endpoint.requests.length]).toEqual([0, 0]);
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      delete process.env.AWS_ENDPOINT_URL;
      delete process.env.HTTPS_PROXY;
      await new Promise((resolve) => server.close(resolve));
    }
  },
);

describe('the store reads answers of any form', () => {
  test('a description that lacks everything', async () => {
    await expect(store().describe('x')).resolves.toEqual({ arn: 'x', name: '', tagKeys: [], replicas: [], versions: new Map() });
  });

  test('a description that has everything', async () => {
    endpoint.answer = (response) => response.end(JSON.stringify({
      ARN: 'arn',
      Name: 'name',
      Tags: [{ Key: 'a', Value: 'b' }, { Value: 'c' }],
      RotationEnabled: true,
      RotationLambdaARN: 'function',
      KmsKeyId: 'key',
      CreatedDate: 1.5,
      LastChangedDate: 2,
      LastRotatedDate: 3,
      NextRotationDate: 3.5,
      DeletedDate: 4,
      ReplicationStatus: [{ Region: 'r', Status: 's' }, {}],
      VersionIdsToStages: { v: ['AWSCURRENT', 7], w: null },
    }));
    await expect(store().describe('x')).resolves.toEqual({
      arn: 'arn',
      name: 'name',
      tagKeys: ['a'],
      rotationEnabled: true,
      rotationFunctionArn: 'function',
      encryptionKey: 'key',
      createdAt: 1_500,
      changedAt: 2_000,
      rotatedAt: 3_000,
      nextRotationAt: 3_500,
      deletedAt: 4_000,
      replicas: [{ region: 'r', status: 's' }, { region: '', status: '' }],
      versions: new Map([['v', ['AWSCURRENT']], ['w', []]]),
    });
  });

  test('a value that is binary, and one without an id', async () => {
    endpoint.answer = (response) => response.end('{"SecretBinary":"eA=="}');
    await expect(store().read('x', { label: 'AWSCURRENT' })).resolves.toEqual({ versionId: '', text: undefined });
  });

  test('versions on many pages, but not on endless ones', async () => {
    endpoint.answer = (response, nth) => {
      const Versions = [{ VersionId: String(nth), CreatedDate: nth }, {}];
      response.end(JSON.stringify({ NextToken: nth < 3 ? String(nth) : undefined, Versions }));
    };
    await expect(store().listVersions('x')).resolves.toEqual([1, 2, 3].flatMap((nth) =>
      [{ versionId: String(nth), createdAt: nth * 1_000, labels: [] }, { versionId: '', createdAt: 0, labels: [] }]));
    expect(endpoint.requests.map(({ body }) => body.NextToken)).toEqual([undefined, '1', '2']);
    endpoint.requests.length = 0;
    endpoint.answer = (response) => response.end('{"NextToken":"more"}');
    await expect(store().listVersions('x')).resolves.toEqual([]);
    expect(endpoint.requests).toHaveLength(10);
  });

  test('other failures are passed on', async () => {
    endpoint.answer = refuse(400, '{"__type":"InvalidRequestException"}');
    await expect(store().read('x', { label: 'AWSCURRENT' })).rejects.toMatchObject({ errorClass: 'conflict' });
    await expect(store().putPending('x', { token: 't', text: 'v' })).rejects.toMatchObject({ errorClass: 'conflict' });
  });
});
