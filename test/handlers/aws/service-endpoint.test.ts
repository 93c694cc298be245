import { serviceEndpoint } from '../../../handlers/aws/service-endpoint';

const service = { name: 'Amazon MemoryDB', prefix: 'memory-db', region: 'cn-north-1' };

test('of a service is its own name in the domain of the partition', () => {
  expect(serviceEndpoint(service).href).toBe('https://memory-db.cn-north-1.amazonaws.com.cn/');
  expect(serviceEndpoint({ ...service, region: 'eu-west-1' }).href).toBe('https://memory-db.eu-west-1.amazonaws.com/');
  expect(serviceEndpoint({ ...service, endpoint: 'https://vpce-1.example' }).href).toBe('https://vpce-1.example/');
});

test('is named in the error', () => {
  expect(() => serviceEndpoint({ ...service, endpoint: 'http://vpce-1.example' }))
    .toThrow('configuration: the Amazon MemoryDB endpoint is not an https:// URL');
});
