import { Deadline } from '../../../handlers/core/deadline';
import { consumerActions } from '../../../handlers/on-rotated/consumer-actions';
import { Services } from '../../../handlers/on-rotated/services';
import type { RotatedActionFacts } from '../../../src/contract/rotated-action';
import { CertificateAuthority } from '../../servers/certificates';
import { ClusterApi, readToken } from '../../servers/cluster-api';
import { freePort } from '../../servers/free-port';
import { REGION } from '../support/rotation-environment';
import { VirtualClock } from '../support/virtual-clock';

const CREDENTIALS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'none', sessionToken: 'a/session+token==' };
const CURRENT = { digest: '0123456789abcdef', versions: [] };
const DEPLOYMENT: RotatedActionFacts = {
  id: 'Orders', action: 'restartDeployment', target: 'shop', secrets: ['creds'], object: { namespace: 'web', name: 'orders' },
};
const EXTERNAL_SECRET: RotatedActionFacts = { ...DEPLOYMENT, action: 'refreshExternalSecret' };

describe('objects in a cluster', () => {
  const authority = new CertificateAuthority('Authority of the cluster');
  const clock = new VirtualClock();
  let api: ClusterApi;

  const start = async (names: string[], trusted = authority): Promise<void> => {
    api = await ClusterApi.start(authority.issue({ names }), trusted.certificate);
  };
  const act = async (facts: RotatedActionFacts, region = REGION): Promise<string> => {
    const services = new Services({ region, credentials: CREDENTIALS, clock, endpoint: api.url });
    return consumerActions(services)[facts.action](facts, CURRENT, { deadline: new Deadline(clock, 60_000), patient: false });
  };

  beforeAll(() => clock.pass(Date.parse('2026-11-30T12:00:00Z')));
  afterEach(() => api.stop());

  describe('of a cluster that can be trusted', () => {
    beforeEach(() => start(['localhost']));

    test('a deployment gets other pods: the annotation of the versions in their template, and nothing else', async () => {
      await expect(act(DEPLOYMENT)).resolves.toBe('begun');
      expect(api.described).toEqual(['GET /clusters/shop']);
      expect(api.calls).toHaveLength(1);
      expect(api.calls[0]).toMatchObject({
        method: 'PATCH',
        path: '/apis/apps/v1/namespaces/web/deployments/orders',
        headers: {
          'content-type': 'application/merge-patch+json',
          'accept': 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
        },
      });
      expect(api.calls[0].body).toEqual({
        spec: { template: { metadata: { annotations: { 'cdk-secretsmanager-patterns/secret-versions': CURRENT.digest } } } },
      });
    });

    test('an ExternalSecret is synchronised: by its own annotation', async () => {
      await expect(act(EXTERNAL_SECRET)).resolves.toBe('begun');
      expect(api.calls[0]).toMatchObject({ path: '/apis/external-secrets.io/v1/namespaces/web/externalsecrets/orders' });
      expect(api.calls[0].body).toEqual({ metadata: { annotations: { 'force-sync': CURRENT.digest } } });
    });

    test('twice for the same versions is the same patch, which changes nothing', async () => {
      await act(DEPLOYMENT);
      await act(DEPLOYMENT);
      expect(api.calls[1].body).toEqual(api.calls[0].body);
    });

    test('the token is a question to AWS STS of the Region, for a minute and for this cluster alone', async () => {
      await act(DEPLOYMENT);
      const { host, query, isSignedFor } = readToken(api.calls[0].headers.authorization);
      expect(host).toBe(`sts.${REGION}.amazonaws.com`);
      expect(query).toMatchObject({
        'Action': 'GetCallerIdentity',
        'Version': '2011-06-15',
        'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
        'X-Amz-Credential': `AKIAIOSFODNN7EXAMPLE/20261130/${REGION}/sts/aws4_request`,
        'X-Amz-Date': '20261130T120000Z',
        'X-Amz-Expires': '60',
        'X-Amz-Security-Token': CREDENTIALS.sessionToken,
        'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
      });
      expect([isSignedFor('shop', 'none'), isSignedFor('other', 'none'), isSignedFor('shop', 'another key')])
        .toEqual([true, false, false]);
    });

    test.each([
      ['cn-north-1', 'sts.cn-north-1.amazonaws.com.cn'],
      ['us-gov-west-1', 'sts.us-gov-west-1.amazonaws.com'],
    ])('in %s it is %s that is asked', async (region, host) => {
      await act(DEPLOYMENT, region);
      expect(readToken(api.calls[0].headers.authorization).host).toBe(host);
    });

    test('an object that somebody else changes at the same time waits', async () => {
      api.statuses = [409];
      await expect(act(DEPLOYMENT)).resolves.toBe('busy');
    });

    test('a cluster that is overloaded is asked again', async () => {
      api.statuses = [429, 503];
      await expect(act(DEPLOYMENT)).resolves.toBe('begun');
      expect(api.calls).toHaveLength(3);
    });

    test.each([[401, 'permission'], [403, 'permission'], [404, 'configuration'], [422, 'conflict']])(
      'status %s is a failure: %s', async (status, errorClass) => {
        api.statuses = [status];
        await expect(act(DEPLOYMENT)).rejects.toMatchObject({
          errorClass, code: `HTTP${status}`, message: expect.stringContaining('the public API of the Amazon EKS cluster refused PATCH'),
        });
        expect(api.calls).toHaveLength(1);
      },
    );

    test.each([
      [404, '{}', 'configuration'],
      [403, '{}', 'permission'],
      [200, 'no JSON', 'unavailable'],
      [200, '{"cluster":{"endpoint":"http://localhost:1","certificateAuthority":{"data":"eA=="}}}', 'unavailable'],
      [200, '{"cluster":{"endpoint":"https://localhost:1"}}', 'unavailable'],
      [200, '{"cluster":{"endpoint":"https://","certificateAuthority":{"data":"eA=="}}}', 'unavailable'],
    ])('where Amazon EKS answers %s %s nothing is sent: %s', async (status, body, errorClass) => {
      api.description = { status, body };
      await expect(act(DEPLOYMENT)).rejects.toMatchObject({ errorClass });
      expect(api.calls).toEqual([]);
    });
  });

  test('who has a certificate of another authority, or for another name, gets no token', async () => {
    await start(['localhost'], new CertificateAuthority('Authority of another cluster'));
    await expect(act(DEPLOYMENT)).rejects.toMatchObject({ errorClass: 'tls' });
    await api.stop();
    const { calls } = api;
    await start(['elsewhere.example']);
    await expect(act(DEPLOYMENT)).rejects.toMatchObject({ errorClass: 'tls' });
    expect([calls, api.calls]).toEqual([[], []]);
  });

  test('a cluster that cannot be reached is said to be one whose API has to be public', async () => {
    await start(['localhost']);
    const port = await freePort();
    const data = Buffer.from(authority.certificate).toString('base64');
    api.description = {
      status: 200,
      body: JSON.stringify({ cluster: { endpoint: `https://localhost:${port}`, certificateAuthority: { data } } }),
    };
    await expect(act(DEPLOYMENT)).rejects.toMatchObject({
      errorClass: 'network', code: 'ECONNREFUSED', message: expect.stringContaining('no connection to the public API of'),
    });
  });
});
